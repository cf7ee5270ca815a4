using System.Text.Json.Serialization;
using CogniForge.ServiceDefaults.Errors;

namespace CogniForge.Llm.Configuration;

/// <summary>A model of a provider to which a route sends requests.</summary>
/// <param name="Provider">The provider's name.</param>
/// <param name="Model">
/// The provider's name of the model. <c>*</c> alone is replaced by the requested name; in a longer name it is replaced
/// by the match of the route's own <c>*</c>, or by the requested name if the route has no <c>*</c>.
/// </param>
/// <param name="Order">
/// Targets with a lower order are tried first, 0 to 1000. Default: the position in the list.
/// </param>
/// <param name="Weight">
/// The share of requests among targets of the same order, above 0, up to 1,000,000. Default: 1.
/// </param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record TargetConfig(string? Provider, string? Model, int? Order = null, double? Weight = null)
{
    public IEnumerable<FieldError> Validate(string path)
    {
        if (!ConfigNames.IsProvider(Provider))
        {
            yield return new($"{path}.provider", ConfigNames.ProviderRule);
        }

        if (!ConfigNames.IsModel(Model))
        {
            yield return new($"{path}.model", ConfigNames.ModelRule);
        }

        if (Order is < 0 or > 1000)
        {
            yield return new($"{path}.order", "must be 0 to 1000");
        }

        if (Weight is not (null or (> 0 and <= 1_000_000)))
        {
            yield return new($"{path}.weight", "must be above 0, up to 1000000");
        }
    }
}
