namespace CogniForge.ServiceDefaults.Idempotency;

/// <summary>What is known of a key when a request with it arrives.</summary>
internal abstract record IdempotencyState
{
    public sealed record New : IdempotencyState;

    public sealed record InProgress : IdempotencyState;

    public sealed record OtherRequest : IdempotencyState;

    public sealed record Answered(IdempotentResponse Answer) : IdempotencyState;
}
