"""From a folder of face pictures to a text-to-face model, as a course that you can run.

One piece only, on plain folders:

Align a folder: faces/ and a table, with a reason for each picture that is left out.

    from t2f.runs.pieces import align_folder
    align_folder('my-pictures', 'faces', size=256)

Caption it: faces/captions.jsonl.

    from t2f.runs.pieces import caption_folder
    caption_folder('faces', by=['source', 'reader'])

Train on it: tuned/adapter, which diffusers opens too.

    from t2f.runs.pieces import train_on
    train_on('faces', 'tuned', steps=200, rank=16, lr=1e-3)

Draw, with a base or with what was learned; each picture says how it was made.

    from t2f.runs.pieces import draw_words
    draw_words('an old man with a white beard', 'drawn', n=8)   # adapter='tuned' draws with what was learned

Compare two folders of faces, and for scale the halves of the first.

    from t2f.runs.pieces import compare_folders
    apart = compare_folders('faces', 'drawn')
    print(apart['kid'].mean, apart['halves']['kid'].mean)

The command is `t2f`; the milestones are t2f.data, t2f.captions, t2f.training, t2f.generation,
t2f.evaluation and t2f.demo.
"""

__version__ = "0.1.0"

from .runs import core   # first: it keeps bitsandbytes from bringing in a compiler
