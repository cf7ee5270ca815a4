using CogniForge.Llm.Protocols;
using CogniForge.Llm.Resilience;
using CogniForge.Llm.Routing;

namespace CogniForge.Llm.Gateway;

/// <summary>How far an attempt has come; also readable while it runs, in case the client disconnects.</summary>
internal sealed class AttemptProgress(ResolvedTarget target)
{
    public ResolvedTarget Target => target;

    /// <summary>Whether the client has received a part of a stream.</summary>
    public bool HasBegun { get; set; }

    /// <summary>
    /// Whether the provider had to wait for the client. What fails afterwards may be due to that wait.
    /// </summary>
    public bool HasWaitedForClient { get; set; }

    /// <summary>The reader of the provider's stream; null: not streamed, or not started.</summary>
    public ProtocolStreamReader? Reader { get; set; }

    /// <summary>
    /// Whether the provider has begun to send a whole response, for which it charges even if it cannot be used.
    /// </summary>
    public bool HasResponse { get; set; }

    /// <summary>The metadata of a whole response; null: not read, or a stream.</summary>
    public ResponseMetadata? Metadata { get; set; }

    /// <summary>The output of a whole response without usage, or all of a broken one; null: a stream.</summary>
    public TextSample? Output { get; set; }

    /// <summary>How long the target asks not to be called, although it responded; zero: not at all.</summary>
    public TimeSpan Cooldown { get; set; }

    /// <summary>Ends the attempt.</summary>
    /// <param name="error">Why it failed; null: the response is complete.</param>
    public AttemptResult ToResult(ProviderError? error = null) =>
        new()
        {
            Error = HasWaitedForClient && error is not null ? error with { IsTargetFault = false } : error,
            HasBegun = HasBegun,
            HasResponse = HasResponse,
            Metadata = Metadata ?? Reader?.Metadata,
            Output = Output ?? Reader?.Output,
            Cooldown = Cooldown,
            StateIds = Reader?.StateIds ?? [],
        };
}
