using CogniForge.Llm.Gateway;
using Microsoft.Extensions.Caching.Memory;

namespace CogniForge.Llm.Routing;

/// <summary>
/// Keeps a conversation on the target whose prompt cache it warmed. Where it starts comes from a hash, the same at every replica; only who was moved by a failure is remembered,
/// for as long as prompt caches live without use. Thread-safe, bounded.
/// </summary>
internal sealed class ConversationAffinity(TimeProvider time) : IDisposable
{
    /// <summary>How long a prompt cache lives without use (Anthropic's default).</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    private readonly MemoryCache _moved = new(new MemoryCacheOptions { SizeLimit = 100_000, Clock = new Clock(time) });

    /// <summary>The targets in the order in which to ask them.</summary>
    public IReadOnlyList<ResolvedTarget> Order(ResolvedRoute route, InferenceRequest request)
    {
        if (route.Targets.Count == 1)
        {
            return route.Targets;
        }

        var conversation = request.Affinity;
        var targets = TargetSelector.Order(route.Targets, conversation, Random.Shared.NextDouble);
        return
            conversation is not null
            && _moved.TryGetValue<string>(Key(route, conversation), out var id)
            && targets.FirstOrDefault(t => t.Id == id) is { } pinned
            ? [pinned, .. targets.Where(t => t != pinned)]
            : targets;
    }

    /// <summary>A conversation was answered by another target than its first: there it stays.</summary>
    public void Answered(
        ResolvedRoute route,
        InferenceRequest request,
        IReadOnlyList<ResolvedTarget> order,
        ResolvedTarget target
    )
    {
        if (
            route.Targets.Count > 1
            && request.Affinity is { } conversation
            && (target != order[0] || _moved.TryGetValue(Key(route, conversation), out _))
        )
        {
            _moved.Set(
                Key(route, conversation),
                target.Id,
                new MemoryCacheEntryOptions { Size = 1, SlidingExpiration = Lifetime }
            );
        }
    }

    public void Dispose() => _moved.Dispose();

    private static (string Route, string Conversation) Key(ResolvedRoute route, string conversation) =>
        (route.Route.Name, conversation);

    private sealed class Clock(TimeProvider time) : Microsoft.Extensions.Internal.ISystemClock
    {
        public DateTimeOffset UtcNow => time.GetUtcNow();
    }
}
