using CogniForge.Llm.Gateway;

namespace CogniForge.Llm.Limits;

/// <summary>The permission to read a request's body.</summary>
/// <param name="Taken">The levels after the request was taken from its key's rate; null: it was not taken.</param>
/// <param name="Refusal">
/// Why the request is refused unless its response is cached; null: it is not. A small body is read nevertheless,
/// because it names the model and the route.
/// </param>
internal sealed record RequestPermit(ReservationResult? Taken, ErrorResponse? Refusal = null)
{
    /// <summary>Whether the request was valid, so that its limits were checked, or its response was cached.</summary>
    public bool IsUsed { get; set; }
}
