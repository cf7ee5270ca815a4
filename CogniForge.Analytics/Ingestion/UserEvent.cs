using System.Text.Json;

namespace CogniForge.Analytics.Ingestion;

/// <summary>Something that a user did.</summary>
/// <param name="MessageId">The client's id of the event; the same id is the same event, however often it is sent.</param>
/// <param name="Event">What was done, e.g. <c>signed_up</c>.</param>
/// <param name="UserId">Who did it, when known.</param>
/// <param name="AnonymousId">The visitor, when the user is not known.</param>
/// <param name="Properties">What else the client says of it: a JSON object, or null.</param>
/// <param name="OccurredAt">When it was done, UTC.</param>
/// <param name="ReceivedAt">When it arrived, UTC.</param>
internal sealed record UserEvent(
    string MessageId,
    string Event,
    string? UserId,
    string? AnonymousId,
    JsonElement? Properties,
    DateTimeOffset OccurredAt,
    DateTimeOffset ReceivedAt
);
