namespace CogniForge.ServiceDefaults.Idempotency;

/// <summary>The state of an idempotency key when a request arrives.</summary>
internal abstract record IdempotencyState
{
    public sealed record New : IdempotencyState;

    public sealed record InProgress : IdempotencyState;

    public sealed record OtherRequest : IdempotencyState;

    public sealed record Completed(IdempotentResponse Response) : IdempotencyState;
}
