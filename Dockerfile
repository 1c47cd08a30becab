# Not run yet: nobody has built this image. Whoever does, mends what is wrong and removes this line.
FROM python:3.13-slim

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /srv/linli
RUN useradd --system --create-home --home-dir /var/lib/linli linli \
    && mkdir -p /srv/media && chown linli /srv/media

COPY requirements.lock ./
RUN pip install --no-cache-dir --require-hashes -r requirements.lock

COPY . .
# Collecting static files reads the settings and opens nothing: these values are thrown away.
RUN python tools/compile_messages.py \
    && env SECRET_KEY=build PERSON_KEYS=k1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA= \
        BLIND_INDEX_KEY=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA= \
        DATABASE_URL=postgres://nowhere/linli BROKER_URL=redis://nowhere/0 EMAIL_URL=memorymail:// \
        STATIC_ROOT=/srv/static python manage.py collectstatic --noinput

ENV STATIC_ROOT=/srv/static MEDIA_ROOT=/srv/media
USER linli
EXPOSE 8000
CMD ["gunicorn", "config.wsgi", "--bind", "0.0.0.0:8000", "--worker-class", "gthread", "--workers", "2", \
     "--threads", "4", "--no-control-socket"]
