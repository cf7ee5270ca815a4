using System.Text.Json;

namespace CogniForge.Analytics.Ingestion;

/// <summary>Something that a user did.</summary>
/// <param name="Event">What was done, e.g. <c>signed_up</c>: 1 to 200 characters.</param>
/// <param name="UserId">Who did it: 1 to 200 characters. Needed unless there is an <c>anonymousId</c>.</param>
/// <param name="AnonymousId">The visitor, when the user is not known: 1 to 200 characters.</param>
/// <param name="Properties">What else there is to say: a JSON object.</param>
/// <param name="Timestamp">When it was done. Default: now.</param>
/// <param name="MessageId">Your id of this event, 1 to 200 characters: the same id is stored once. Default: a new UUID.</param>
internal sealed record TrackRequest(
    string? Event,
    string? UserId = null,
    string? AnonymousId = null,
    JsonElement? Properties = null,
    DateTimeOffset? Timestamp = null,
    string? MessageId = null
);
