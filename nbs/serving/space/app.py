"A page that draws faces with a base and with what was made of it, side by side; settings.json says how."
import json
import os
import sys
import traceback
from functools import cache
from hashlib import blake2b
from itertools import count as counting
from pathlib import Path

try: from spaces import GPU                        # where a GPU is lent for as long as a call takes
except ImportError: GPU = lambda f: f              # noqa: E731
import diffusers
import gradio as gr
import torch
from gradio.utils import get_upload_folder

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))
from gate import Hosts, Ways, gate_layers          # noqa: E402   what may come in: see gate.py
# noqa: E402   what may be asked
from wishes import BOUNDS, UserError, bounded, description, seed_of, seeds_from

NOTE = 'AI-generated: this person does not exist.'
SETTINGS = json.loads((HERE/'settings.json').read_text(encoding='utf-8'))
DEVICE = 'cuda' if torch.cuda.is_available() else 'cpu'
HALF = torch.bfloat16 if DEVICE == 'cuda' and torch.cuda.is_bf16_supported() else torch.float16
PRECISION = torch.float32 if DEVICE == 'cpu' else HALF
PARTS = 'unet', 'text_encoder', 'text_encoder_2'   # what can have learned something
GUIDED = 'prompt_embeds', 'add_text_embeds', 'add_time_ids'   # tensors whose second half has the words

def page_bounds() -> dict:
    "The bounds of this page: everybody's, and the run's own settings."
    low, high = BOUNDS['weight']
    return dict(
        count=(1, SETTINGS['most']), steps=(1, max(BOUNDS['steps'][1], SETTINGS['steps'])),
        guidance=(0., max(BOUNDS['guidance'][1], SETTINGS['guidance'])),
        weight=(min(low, SETTINGS['weight']), max(high, SETTINGS['weight'])))

def open_base():
    "The base as a pipeline, without what drawing does not need."
    place = HERE/'base' if (HERE/'base').is_dir() else SETTINGS['base']
    hub = SETTINGS['hub']
    config = diffusers.DiffusionPipeline.load_config(place, **hub)
    more = {name: None for name in ('safety_checker', 'feature_extractor', 'image_encoder') if name in config}
    if 'safety_checker' in config: more['requires_safety_checker'] = False
    if SETTINGS['vae']:
        vae = diffusers.AutoencoderKL.from_pretrained(SETTINGS['vae'], dtype=PRECISION, use_safetensors=True)
        more['vae'] = vae
    return diffusers.DiffusionPipeline.from_pretrained(
        place, dtype=PRECISION, use_safetensors=True, **more, **hub)

def weights_of(pipe, names: list) -> dict:
    "Copies of the weights of a pipeline's parts."
    def copies(part): return {key: weight.detach().clone() for key, weight in part.named_parameters()}
    return {name: copies(getattr(pipe, name)) for name in names}

def add_learned(pipe):
    "Put what was learned into a pipeline's weights."
    net = HERE/'adapter'/'unet'
    if net.is_dir():
        pipe.unet = diffusers.UNet2DConditionModel.from_pretrained(net, dtype=PRECISION, use_safetensors=True)
        return
    pipe.load_lora_weights(HERE/'adapter')
    pipe.fuse_lora(components=[*pipe.get_list_adapters()])
    pipe.unload_lora_weights()

class Model:
    "Base and tuned in one: of each weight that was learned, what it was before and is since."
    def __init__(self):
        pipe = open_base()
        names = [name for name in PARTS if getattr(pipe, name, None) is not None]
        before = weights_of(pipe, names)
        add_learned(pipe)
        since = weights_of(pipe, names)
        self.learned = {
            name: {key: (before[name][key], weight) for key, weight in since[name].items()
                   if not torch.equal(weight, before[name][key])}
            for name in names}
        pipe.set_progress_bar_config(disable=True)
        for name in ('vae', *names): getattr(pipe, name).to(memory_format=torch.channels_last)
        self.pipe = pipe.to(DEVICE)
        self.stock = pipe.scheduler
        self.longest = pipe.tokenizer.model_max_length - 2

    @torch.no_grad()
    def go(self, weight: float):
        "Go so much of the way from the base to what was learned."
        for name, weights in self.learned.items():
            live = dict(getattr(self.pipe, name).named_parameters())
            for key, (before, since) in weights.items():
                live[key].copy_(torch.lerp(before.float(), since.float(), weight))

    def start(self, seed: int):
        "Where a picture begins: drawn on the CPU from its seed alone, so on every machine the same."
        name = blake2b(repr((seed, 'picture')).encode(), digest_size=8).digest()
        wide, high = (SETTINGS[side] // self.pipe.vae_scale_factor for side in ('width', 'height'))
        generator = torch.Generator().manual_seed(int.from_bytes(name, 'big') >> 1)
        noise = torch.randn((1, self.pipe.unet.config.in_channels, high, wide), generator=generator)
        return noise.to(self.pipe.device, self.pipe.unet.dtype)

    def draw(self, prompt: str, seed: int, steps: int, guidance: float, weight: float, tick):
        "One picture."
        solver, changed = SETTINGS['solvers'][weight != 0]   # the base's, and that of what was made of it
        kind = getattr(diffusers, solver or type(self.stock).__name__)
        self.pipe.scheduler = kind.from_config(self.stock.config, **changed)
        last_guided = round(SETTINGS['guided'] * steps)
        halves = [name for name in GUIDED if name in self.pipe._callback_tensor_inputs]
        def after_step(pipe, step, time, tensors):
            tick()
            if guidance <= 1 or step + 1 != last_guided: return tensors
            pipe._guidance_scale = 1.                        # the last steps are not guided
            return tensors | {name: tensors[name][1:] for name in halves}
        return self.pipe(
            prompt, negative_prompt=SETTINGS['negative'] or None, latents=self.start(seed),
            num_inference_steps=steps, guidance_scale=guidance if last_guided else 1.0,
            guidance_rescale=SETTINGS['rescale'], height=SETTINGS['height'], width=SETTINGS['width'],
            callback_on_step_end=after_step, callback_on_step_end_tensor_inputs=halves).images[0]

@cache
def model() -> Model: return Model()

def refuse(why: str): raise gr.Error(why, title='Not drawn', print_exception=False)

def with_record(picture, prompt, seed, steps, guidance, weight):
    "A picture that says how it was made, unless it is empty."
    dark, bright = picture.convert('L').getextrema()
    if bright - dark < 4: refuse('A picture came out empty. Try less guidance, or less of what was learned.')
    hashes = f', Lora hashes: "{SETTINGS["name"]}: {SETTINGS["adapter"]}", Weight: {weight}' if weight else ''
    words = f'{prompt}\nNegative prompt: {SETTINGS["negative"]}'
    how = f'Steps: {steps}, Sampler: {SETTINGS["sampler"]}, CFG scale: {guidance}, Seed: {seed}'
    size = f'Size: {picture.width}x{picture.height}, Model: {SETTINGS["model"]}{hashes}'
    picture.info = dict(Comment=NOTE, parameters=f'{words}\n{how}, {size}')
    return picture

def checked(prompt, seed, count, steps, guidance, weight) -> tuple:
    "What a visitor asks for, or one line on what is wrong."
    words = description(prompt)
    tokens = model().pipe.tokenizer(words, add_special_tokens=False, verbose=False).input_ids
    if len(tokens) > model().longest:
        raise UserError(f'these are more words than the model can read: at most {model().longest}, '
                        'and long ones count more than once')
    asked = dict(count=count, steps=steps, guidance=guidance, weight=weight)
    for name, bounds in page_bounds().items(): bounded(name, asked[name], bounds)
    return words, seed_of(seed), int(count), int(steps), float(guidance), float(weight)

# noqa: B008   as gradio has it
def draw(prompt, seed, count, steps, guidance, weight, progress=gr.Progress()):
    try: return both_sides(prompt, seed, count, steps, guidance, weight, progress)
    except gr.Error: raise
    except Exception:
        traceback.print_exc()
        refuse('This broke here; it has been noted.')

@GPU
def both_sides(prompt, seed, count, steps, guidance, weight, progress):
    "The same words and noise, with the base and with what was learned."
    try: words, first, count, steps, guidance, weight = checked(prompt, seed, count, steps, guidance, weight)
    except UserError as e: refuse(str(e))
    steps_done = counting(1)
    def tick(): progress((next(steps_done), 2 * count * steps), desc='drawing', unit='steps')
    sides = []
    for share in (0., weight):
        model().go(share)
        settings = steps, guidance, share
        sides.append([with_record(model().draw(words, seed, *settings, tick), words, seed, *settings)
                      for seed in seeds_from(first, count)])
    return *sides, str(first)

def settings_sliders() -> list:
    "What a visitor can set, within the page's bounds."
    bounds = page_bounds()
    def slider(name, value, step, label): return gr.Slider(*bounds[name], value, step=step, label=label)
    return [slider('count', 1, 1, 'Pictures'), slider('steps', SETTINGS['steps'], 1, 'Steps'),
            slider('guidance', SETTINGS['guidance'], .1, 'Guidance'),
            slider('weight', SETTINGS['weight'], .1, 'How much of what was learned')]

def gallery(label: str):
    return gr.Gallery(label=label, format='png', columns=2, height='auto', object_fit='contain')

def page() -> gr.Blocks:
    "The page."
    note = f'**{NOTE}** Do not use it to identify, to accuse or to judge anyone, or to imitate a person.'
    with gr.Blocks(title=SETTINGS['title'], analytics_enabled=False) as blocks:
        gr.Markdown(f'# {SETTINGS["title"]}\n{SETTINGS["about"]}\n\n{note}')
        with gr.Row(equal_height=True):
            prompt = gr.Textbox(label='Describe a face', placeholder='an old man with a white beard',
                                max_length=BOUNDS['words'][1], scale=4)
            seed = gr.Textbox(label='Seed', placeholder='any', scale=1)
        gr.Examples([[words] for words in SETTINGS['prompts']], [prompt])
        with gr.Accordion('Settings', open=False), gr.Row(): sliders = settings_sliders()
        go = gr.Button('Draw', variant='primary')
        with gr.Row(): sides = [gallery('Base'), gallery('Fine-tuned')]
        used = gr.Textbox(label='Seed that was used', interactive=False, buttons=['copy'],
                          info='The same words, seed and settings give the same faces.')
        gr.on([go.click, prompt.submit, seed.submit], draw, [prompt, seed, *sliders], [*sides, used],
              api_name='draw', concurrency_limit=1, show_progress_on=sides)
    return blocks

def main():
    model()
    checks = [Hosts([os.environ.get('SPACE_HOST', '')]), Ways(get_upload_folder())]
    page().queue(max_size=20).launch(show_error=True, app_kwargs=dict(middleware=gate_layers(checks)))

if __name__ == '__main__': main()
