# The application for web, worker and beat; docker-compose.yml says which of them a container is.
FROM python:3.11-slim-bookworm

RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-noto-cjk \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --create-home --uid 10001 redcredit

WORKDIR /srv/redcredit
ENV PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=redcredit.settings.production \
    REDCREDIT_VAR_DIR=/srv/redcredit/var

COPY requirements.lock ./
RUN pip install --no-cache-dir --require-hashes -r requirements.lock

COPY . .
# These two need settings but no secret: the values are used for this one command and stay nowhere.
RUN SECRET_KEY=build PERSONAL_DATA_KEY=build ALLOWED_HOSTS=localhost SITE_URL=http://localhost \
    sh -c "python manage.py compile_catalogues && python manage.py collectstatic --noinput" \
    && mkdir -p var/media var/attachments \
    && chown redcredit var var/media var/attachments

USER redcredit
EXPOSE 8000
CMD ["gunicorn", "redcredit.wsgi", "--bind", "0.0.0.0:8000", "--workers", "3", \
     "--worker-class", "gthread", "--threads", "4", "--max-requests", "2000", "--max-requests-jitter", "200", \
     "--worker-tmp-dir", "/dev/shm"]
