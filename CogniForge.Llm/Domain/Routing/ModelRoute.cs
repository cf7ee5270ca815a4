using System.Text.Json.Nodes;
using CogniForge.Llm.Domain.Limits;

namespace CogniForge.Llm.Domain.Routing;

/// <summary>A name that clients ask for as a model, and who answers.</summary>
/// <param name="Name">The name, e.g. <c>fast</c>; a <c>*</c> in it stands for anything, e.g. <c>gpt-*</c>.</param>
/// <param name="Targets">Who answers, at least one.</param>
internal sealed record ModelRoute(string Name, IReadOnlyList<Target> Targets)
{
    /// <summary>Other names of the route. Default: none.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>Fields of the body that a request gets when it does not set them, e.g. <c>temperature</c>. Default: none.</summary>
    public JsonObject? Defaults { get; init; }

    /// <summary>The most output tokens; a request that asks for more, or does not say, gets this. Default: no limit.</summary>
    public int? MaxOutputTokens { get; init; }

    /// <summary>What all its requests together are limited to. Default: nothing.</summary>
    public RateLimits? Limits { get; init; }

    /// <summary>How long to wait. Default: the gateway's own.</summary>
    public Timeouts? Timeouts { get; init; }

    /// <summary>Who set it up.</summary>
    public Origin Origin { get; init; } = Origin.Configuration;

    /// <summary>Its name and its aliases.</summary>
    public IEnumerable<string> Names => Aliases.Prepend(Name);

    /// <summary>Whether answers are given again. Default: they are not.</summary>
    public CachePolicy? Cache { get; init; }
}

/// <summary>How a route's answers are cached.</summary>
/// <param name="Lifetime">How long an answer is given again, above 0.</param>
/// <param name="Shared">Whether all keys share the answers. Default: each key has its own.</param>
internal sealed record CachePolicy(TimeSpan Lifetime, bool Shared = false);

/// <summary>A model of a provider, as one of a route's answerers.</summary>
/// <param name="Provider">The provider's name.</param>
/// <param name="Model">
/// The model's name there. <c>*</c> alone is the name asked for; in a longer name it stands for what the route's own <c>*</c> stood for, or, where it has none, for the name asked for.
/// </param>
/// <param name="Order">The lowest order is asked first. Default: the place in the list.</param>
/// <param name="Weight">The share of the requests among targets of the same order, above 0. Default: 1.</param>
internal sealed record Target(string Provider, string Model, int? Order = null, double Weight = 1);

/// <summary>How long the gateway waits for a target.</summary>
/// <param name="FirstToken">Streams: for the first part of the answer. Default: 10 s.</param>
/// <param name="Silence">Streams: between two parts. Default: 20 s.</param>
/// <param name="Answer">Not streamed: for the whole answer of one attempt. Default: 60 s.</param>
/// <param name="Total">For everything, with retries and fall-back. Default: 10 min.</param>
internal sealed record Timeouts(TimeSpan? FirstToken = null, TimeSpan? Silence = null, TimeSpan? Answer = null, TimeSpan? Total = null);
