namespace CogniForge.Llm.Routing;

/// <summary>A model of a provider, as one of a route's answerers.</summary>
/// <param name="Provider">The provider's name.</param>
/// <param name="Model">
/// The model's name there. <c>*</c> alone is the name asked for; in a longer name it stands for what the route's own <c>*</c> stood for, or, where it has none, for the name asked for.
/// </param>
/// <param name="Order">The lowest order is asked first. Default: the place in the list.</param>
/// <param name="Weight">The share of the requests among targets of the same order, above 0. Default: 1.</param>
internal sealed record Target(string Provider, string Model, int? Order = null, double Weight = 1);
