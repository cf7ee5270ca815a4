using CogniForge.Llm.Resilience;

namespace CogniForge.Llm.Limits;

/// <summary>A key, project or route whose limits apply to a request.</summary>
/// <param name="Key">What its budget and rates are kept under.</param>
/// <param name="Limits">Its limits; those of a route have no budget.</param>
/// <param name="Name">How errors name it.</param>
internal sealed record LimitOwner(string Key, KeyLimits Limits, string Name)
{
    public bool IsKey { get; private init; }

    public bool IsRoute { get; private init; }

    /// <summary>How errors name its budget.</summary>
    public string BudgetName => IsKey ? $"{Name}'s budget" : $"the budget of {Name}";

    /// <summary>The category of requests beyond its rates.</summary>
    public ErrorCategory RateCategory => IsRoute ? ErrorCategory.RouteRateLimited : ErrorCategory.KeyRateLimited;

    public static LimitOwner ForKey(string id, KeyLimits limits) => new(id, limits, "this key") { IsKey = true };

    /// <summary>Lists the owners with limits in the order in which a request reserves from them.</summary>
    public static IEnumerable<LimitOwner> List(AdmissionRequest request)
    {
        if (GetLimits(request.Caller.Limits as KeyLimits) is { HasQuota: true } ofKey)
        {
            yield return ForKey(request.Caller.Id, ofKey);
        }

        if (request.Project is { } project && GetLimits(project.Limits) is { HasQuota: true } ofProject)
        {
            yield return new(project.LimitKey, ofProject, $"the project '{project.Name}'");
        }

        if (request.Route is { Limits: { } rates, Name: var route })
        {
            var shared = new KeyLimits
            {
                RequestsPerMinute = rates.RequestsPerMinute,
                TokensPerMinute = rates.TokensPerMinute,
            };
            yield return new($"route:{route}", shared, $"the route '{route}'") { IsRoute = true };
        }

        // What is free needs no budget.
        KeyLimits? GetLimits(KeyLimits? limits) =>
            request.Request.IsFree && limits is not null ? limits with { Budget = null } : limits;
    }
}
