namespace CogniForge.Web.Clients;

/// <summary>MLflow's message with a run.</summary>
internal sealed record RunResponse(Run Run);
