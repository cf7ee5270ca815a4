using Microsoft.Extensions.Caching.Memory;

namespace CogniForge.Llm.Routing;

/// <summary>
/// Keeps a conversation on the target whose prompt cache it warmed. A hash selects the first target, the same at every
/// replica; only moves after a failure are stored, for the life of an unused prompt cache. Thread-safe, bounded.
/// </summary>
internal sealed class ConversationAffinity(TimeProvider time) : IDisposable
{
    /// <summary>The lifetime of an unused prompt cache (Anthropic's default).</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    private readonly MemoryCache _pins = new(new MemoryCacheOptions { SizeLimit = 100_000, Clock = new Clock(time) });

    /// <summary>Orders the targets of a route for a request.</summary>
    /// <param name="route">The route.</param>
    /// <param name="caller">The id of the caller's API key: clients choose the names of their conversations.</param>
    /// <param name="conversation">The key of the conversation; null: none.</param>
    public IReadOnlyList<ResolvedTarget> Order(ResolvedRoute route, string caller, string? conversation)
    {
        if (route.Targets.Count == 1)
        {
            return route.Targets;
        }

        var targets = TargetSelector.Order(route.Targets, conversation, Random.Shared.NextDouble);
        return
            conversation is not null
            && _pins.TryGetValue<string>(GetKey(route, caller, conversation), out var id)
            && targets.FirstOrDefault(t => t.Id == id) is { } pinned
            ? [pinned, .. targets.Where(t => t != pinned)]
            : targets;
    }

    /// <summary>Pins the conversation to the target that served the request, if that is not its first target.</summary>
    public void Pin(
        ResolvedRoute route,
        string caller,
        string? conversation,
        IReadOnlyList<ResolvedTarget> order,
        ResolvedTarget target
    )
    {
        if (
            route.Targets.Count > 1
            && conversation is not null
            && (target != order[0] || _pins.TryGetValue(GetKey(route, caller, conversation), out _))
        )
        {
            _pins.Set(
                GetKey(route, caller, conversation),
                target.Id,
                new MemoryCacheEntryOptions { Size = 1, SlidingExpiration = Lifetime }
            );
        }
    }

    public void Dispose() => _pins.Dispose();

    private static (string Route, string Caller, string Conversation) GetKey(
        ResolvedRoute route,
        string caller,
        string conversation
    ) => (route.Route.Name, caller, conversation);

    private sealed class Clock(TimeProvider time) : Microsoft.Extensions.Internal.ISystemClock
    {
        public DateTimeOffset UtcNow => time.GetUtcNow();
    }
}
