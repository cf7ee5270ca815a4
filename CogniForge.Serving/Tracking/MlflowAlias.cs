namespace CogniForge.Serving.Tracking;

/// <summary>MLflow's message RegisteredModelAlias.</summary>
internal sealed record MlflowAlias(string Alias, string Version);
