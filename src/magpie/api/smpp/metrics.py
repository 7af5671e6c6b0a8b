from magpie.kit import telemetry

BINDS = telemetry.gauge("smpp_binds", "SMPP binds of customers", "kind")
ANSWERS = telemetry.counter(
    "smpp_answers_total",
    "Requests of SMPP clients, by how they were answered",
    "operation",
    "status",
)
DELIVERIES = telemetry.counter(
    "smpp_deliveries_total", "deliver_sm to SMPP clients, by their answers", "kind", "answer"
)
REFUSED = telemetry.counter("smpp_connections_refused_total", "SMPP connections above the limits")
