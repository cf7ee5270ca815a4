using System.Text.Json.Serialization;
using CogniForge.Llm.Domain.Limits;
using CogniForge.Llm.Domain.Routing;
using CogniForge.ServiceDefaults.Http;

namespace CogniForge.Llm.Application.Settings;

/// <summary>One of a route's answerers.</summary>
/// <param name="Provider">The provider's name.</param>
/// <param name="Model">The model's name there; <c>*</c> stands for what the route's own <c>*</c> stood for, or else for the name asked for.</param>
/// <param name="Order">The lowest is asked first, 0 to 1000; the targets of one order share the requests. Default: the place in the list.</param>
/// <param name="Weight">The share among targets of the same order, above 0, up to 1,000,000. Default: 1.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record TargetDocument(string? Provider, string? Model, int? Order = null, double? Weight = null)
{
    /// <summary>The rules that the target breaks by itself.</summary>
    public IEnumerable<FieldError> Check(string path)
    {
        if (!Names.IsProvider(Provider))
        {
            yield return new($"{path}.provider", Names.ProviderRule);
        }

        if (!Names.IsModel(Model))
        {
            yield return new($"{path}.model", Names.ModelRule);
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

/// <summary>What all requests of a route together are limited to.</summary>
/// <param name="RequestsPerMinute">The most requests a minute, 1 to 1,000,000. Default: not limited.</param>
/// <param name="TokensPerMinute">The most tokens a minute, input and output together, 1 to 1,000,000,000. Default: not limited.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record LimitsDocument(int? RequestsPerMinute = null, int? TokensPerMinute = null)
{
    /// <summary>The document of a route's limits.</summary>
    public static LimitsDocument? Of(RateLimits? limits) => limits is null ? null : new(limits.RequestsPerMinute, limits.TokensPerMinute);

    /// <summary>The rules that the limits break.</summary>
    public IEnumerable<FieldError> Check() => new RateLimits(RequestsPerMinute, TokensPerMinute).Broken().Select(b => new FieldError($"limits.{b.Field}", b.Rule));

    /// <summary>The limits; null: there is none.</summary>
    public RateLimits? ToLimits() => this is { RequestsPerMinute: null, TokensPerMinute: null } ? null : new(RequestsPerMinute, TokensPerMinute);
}

/// <summary>How long the gateway waits for a target, in milliseconds, each 1 to 3,600,000.</summary>
/// <param name="FirstTokenMs">Streams: for the first part of the answer. Default: 10,000.</param>
/// <param name="SilenceMs">Streams: between two parts. Default: 20,000.</param>
/// <param name="AnswerMs">Not streamed: for the whole answer of one attempt. Default: 60,000.</param>
/// <param name="TotalMs">For everything, with retries and fall-back. Default: 600,000.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record TimeoutsDocument(int? FirstTokenMs = null, int? SilenceMs = null, int? AnswerMs = null, int? TotalMs = null)
{
    private const int Most = 3_600_000;

    /// <summary>The document of a route's time-outs.</summary>
    public static TimeoutsDocument? Of(Timeouts? timeouts) =>
        timeouts is null ? null : new(Milliseconds(timeouts.FirstToken), Milliseconds(timeouts.Silence), Milliseconds(timeouts.Answer), Milliseconds(timeouts.Total));

    /// <summary>The rules that the time-outs break.</summary>
    public IEnumerable<FieldError> Check() =>
        new[] { ("firstTokenMs", FirstTokenMs), ("silenceMs", SilenceMs), ("answerMs", AnswerMs), ("totalMs", TotalMs) }
            .Where(t => t.Item2 is < 1 or > Most).Select(t => new FieldError($"timeouts.{t.Item1}", $"must be 1 to {Most}"));

    /// <summary>The time-outs.</summary>
    public Timeouts ToTimeouts() => new(Time(FirstTokenMs), Time(SilenceMs), Time(AnswerMs), Time(TotalMs));

    private static TimeSpan? Time(int? milliseconds) => milliseconds is { } ms ? TimeSpan.FromMilliseconds(ms) : null;

    private static int? Milliseconds(TimeSpan? time) => time is { } t ? (int)Math.Min(t.TotalMilliseconds, int.MaxValue) : null;
}

/// <summary>How a route's answers are cached.</summary>
/// <param name="LifetimeSeconds">How long an answer is given again: 1 to 2,592,000 (30 days).</param>
/// <param name="Shared">Whether all keys share the answers. Default: each key has its own.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record CacheDocument(int? LifetimeSeconds, bool? Shared = null)
{
    private const int Most = 30 * 24 * 3600;

    /// <summary>The document of a route's cache.</summary>
    public static CacheDocument? Of(CachePolicy? policy) => policy is null ? null : new((int)Math.Min(policy.Lifetime.TotalSeconds, int.MaxValue), policy.Shared);

    /// <summary>The rules that it breaks.</summary>
    public IEnumerable<FieldError> Check() => LifetimeSeconds is >= 1 and <= Most ? [] : [new("cache.lifetimeSeconds", $"must be 1 to {Most}")];

    /// <summary>The policy.</summary>
    public CachePolicy ToPolicy() => new(TimeSpan.FromSeconds(LifetimeSeconds!.Value), Shared ?? false);
}
