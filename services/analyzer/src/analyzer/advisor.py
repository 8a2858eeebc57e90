"""Build the part that asks the model, from the settings of the model."""

from chassis.http_client import bounded_client
from openai import AsyncOpenAI, Timeout

from analyzer.llm.client.ask import AskModel
from analyzer.llm.client.breaker import Breaker
from analyzer.llm.client.model_client import ModelClient
from analyzer.llm.client.settings import ModelSettings
from analyzer.llm.client.telemetry import ModelTelemetry, Prices
from analyzer.llm.consult import ConsultModel, Memory
from analyzer.llm.prompting.answered import Reason
from analyzer.llm.prompting.prompt import load_prompt
from analyzer.pipeline.advise import AdviseByModel
from analyzer.pipeline.pool import RunStep

# Set here, so that only the settings decide where resumes are sent, and no variable of the library.
OPENAI_URL = "https://api.openai.com/v1"


def create_advisor(
    settings: ModelSettings, *, run: RunStep, memory: Memory | None = None
) -> AdviseByModel | None:
    """What asks the model; None without a key."""
    if settings.openai_api_key is None:
        return None
    prices = None
    if settings.model_input_price is not None and settings.model_output_price is not None:
        prices = Prices(input=settings.model_input_price, output=settings.model_output_price)
    url = str(settings.openai_base_url) if settings.openai_base_url else OPENAI_URL
    breaker = Breaker(failures=settings.model_breaker_failures, seconds=settings.model_breaker_seconds)
    telemetry = ModelTelemetry(
        url=url, model=settings.model, breaker=breaker, reasons=tuple(Reason), prices=prices
    )
    timeout = Timeout(settings.model_request_seconds, connect=settings.model_connect_seconds)
    client = ModelClient(
        client=AsyncOpenAI(
            api_key=settings.openai_api_key.get_secret_value(),
            base_url=url,
            timeout=timeout,
            max_retries=0,
            http_client=bounded_client(
                max_answer_bytes=settings.max_answer_bytes,
                timeout=timeout,
                # As the library has by default: no call waits for another's connection.
                max_connections=1000,
            ),
        ),
        breaker=breaker,
        telemetry=telemetry,
        attempts=settings.model_attempts,
        request_seconds=settings.model_request_seconds,
    )
    ask = AskModel(
        client=client,
        telemetry=telemetry,
        url=url,
        model=settings.model,
        output_tokens=settings.model_output_tokens,
    )
    return AdviseByModel(
        run=run,
        consult=ConsultModel(ask=ask, memory=memory),
        prompt=load_prompt(),
        telemetry=telemetry,
        budget_seconds=settings.model_budget_seconds,
        prices=prices,
    )
