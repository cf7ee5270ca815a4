using System.Text.Json;
using System.Text.Json.Serialization;

namespace CogniForge.Analytics.Ingestion;

/// <summary>An action of a user.</summary>
/// <param name="Event">The name of the action, e.g. <c>signed_up</c>: 1 to 200 characters.</param>
/// <param name="UserId">The user's id: 1 to 200 characters. Required unless <c>anonymousId</c> is present.</param>
/// <param name="AnonymousId">The id of a visitor whose user id is unknown: 1 to 200 characters.</param>
/// <param name="Properties">Any further properties of the event: a JSON object.</param>
/// <param name="Timestamp">When the action took place. Default: now.</param>
/// <param name="MessageId">
/// Your id for the event, 1 to 200 characters, stored once per API key. Default: a new UUID.
/// </param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record TrackRequest(
    string? Event,
    string? UserId = null,
    string? AnonymousId = null,
    [property: JsonConverter(typeof(OpenJsonConverter))] JsonElement? Properties = null,
    DateTimeOffset? Timestamp = null,
    string? MessageId = null
);
