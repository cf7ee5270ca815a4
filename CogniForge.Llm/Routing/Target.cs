namespace CogniForge.Llm.Routing;

/// <summary>A model of a provider to which a route sends requests.</summary>
/// <param name="Provider">The provider's name.</param>
/// <param name="Model">
/// The provider's name of the model. <c>*</c> alone is replaced by the requested name; in a longer name it is replaced
/// by the match of the route's own <c>*</c>, or by the requested name if the route has no <c>*</c>.
/// </param>
/// <param name="Order">Targets with a lower order are tried first. Default: the position in the list.</param>
/// <param name="Weight">The share of requests among targets of the same order, above 0. Default: 1.</param>
internal sealed record Target(string Provider, string Model, int? Order = null, double Weight = 1);
