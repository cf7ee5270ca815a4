namespace CogniForge.Web.Dashboard;

/// <summary>The numbers of model serving.</summary>
/// <param name="Models">Models registered.</param>
/// <param name="Inferences">Inferences made.</param>
internal sealed record ServingNumbers(long Models, long Inferences);
