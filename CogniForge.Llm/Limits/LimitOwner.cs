using CogniForge.Llm.Resilience;

namespace CogniForge.Llm.Limits;

/// <summary>A key, project or route whose limits apply to a request.</summary>
/// <param name="Key">What its budget and rates are kept under.</param>
/// <param name="Limits">Its limits; those of a route have no budget.</param>
/// <param name="Name">How errors name it.</param>
/// <param name="RateCategory">The category of requests beyond its rates.</param>
internal sealed record LimitOwner(string Key, KeyLimits Limits, string Name, ErrorCategory RateCategory)
{
    public bool IsKey { get; private init; }

    /// <summary>How errors name its budget.</summary>
    public string BudgetName => IsKey ? $"{Name}'s budget" : $"the budget of {Name}";

    public bool IsRoute => RateCategory == ErrorCategory.RouteRateLimited;

    public static LimitOwner ForKey(string id, KeyLimits limits) =>
        new(id, limits, "this key", ErrorCategory.KeyRateLimited) { IsKey = true };

    /// <summary>Lists the owners with limits in the order in which a request reserves from them.</summary>
    public static IEnumerable<LimitOwner> List(AdmissionRequest request)
    {
        if (request.Caller.Limits is KeyLimits { HasQuota: true } limits)
        {
            yield return ForKey(request.Caller.Id, limits);
        }

        if (request.Project is { Limits.HasQuota: true } project)
        {
            var name = $"the project '{project.Name}'";
            yield return new(project.LimitKey, project.Limits, name, ErrorCategory.KeyRateLimited);
        }

        if (request.Route is { Limits: { } rates, Name: var route })
        {
            var shared = new KeyLimits
            {
                RequestsPerMinute = rates.RequestsPerMinute,
                TokensPerMinute = rates.TokensPerMinute,
            };
            yield return new($"route:{route}", shared, $"the route '{route}'", ErrorCategory.RouteRateLimited);
        }
    }
}
