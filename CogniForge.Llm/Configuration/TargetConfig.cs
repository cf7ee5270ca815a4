using System.Text.Json.Serialization;
using CogniForge.ServiceDefaults.Errors;

namespace CogniForge.Llm.Configuration;

/// <summary>One of a route's answerers.</summary>
/// <param name="Provider">The provider's name.</param>
/// <param name="Model">The model's name there; <c>*</c> stands for what the route's own <c>*</c> stood for, or else for the name asked for.</param>
/// <param name="Order">The lowest is asked first, 0 to 1000; the targets of one order share the requests. Default: the place in the list.</param>
/// <param name="Weight">The share among targets of the same order, above 0, up to 1,000,000. Default: 1.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record TargetConfig(string? Provider, string? Model, int? Order = null, double? Weight = null)
{
    /// <summary>The rules that the target breaks by itself.</summary>
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
