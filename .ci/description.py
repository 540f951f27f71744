"""Description: write the OpenAPI document to the file named, as the service serves it."""

import json
import sys
from pathlib import Path

from service.app import create_app
from service.settings import Settings

document = create_app(Settings.model_construct()).openapi()
Path(sys.argv[1]).write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
