namespace CogniForge.Web.Dashboard;

/// <summary>Numbers of model serving.</summary>
/// <param name="Models">Registered models.</param>
/// <param name="Inferences">Inferences made.</param>
internal sealed record ServingNumbers(long Models, long Inferences);
