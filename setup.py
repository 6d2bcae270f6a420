"Everything said here is read from settings.ini."
from configparser import ConfigParser
from pathlib import Path
from setuptools import find_packages, setup

here = Path(__file__).parent
ini = ConfigParser(delimiters=['='])
ini.read(here/'settings.ini')
cfg = ini['DEFAULT']
# what `t2f run` needs beside the code: an installed package brings it along, and works without a checkout
course = ['nbs/0*.ipynb', 'nbs/recipes/*', 'nbs/measuring/report/*', 'nbs/serving/space/*',
          'data/mini/**', 'data/nobodies/**']

setup(
    name=cfg['lib_name'],
    version=cfg['version'],
    description=cfg['description'],
    long_description=(here/'README.md').read_text(encoding='utf-8'),
    long_description_content_type='text/markdown',
    author=cfg['author'],
    license='Apache-2.0',
    keywords=cfg['keywords'],
    python_requires=f">={cfg['min_python']}",
    packages=[*find_packages(include=['t2f', 't2f.*']), 't2f.course'],
    package_dir={'t2f.course': '.'},
    package_data={'t2f.course': course},
    install_requires=cfg['requirements'].split(),
    extras_require={key.removesuffix('_requirements'): cfg[key].split() for key in cfg if key.endswith('_requirements')},
    entry_points={'console_scripts': cfg['console_scripts'].split()},
    zip_safe=False,
)
