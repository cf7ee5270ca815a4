namespace CogniForge.Web.Clients;

/// <summary>A run of a training program.</summary>
internal sealed record Run(RunInfo Info, RunData Data);
