using System.Text.Json;

namespace CogniForge.Analytics.Ingestion;

/// <summary>An action of a user.</summary>
/// <param name="MessageId">
/// The client's id for the event; events with the same id and <paramref name="Source"/> are the same event.
/// </param>
/// <param name="Event">The name of the action, e.g. <c>signed_up</c>.</param>
/// <param name="UserId">The user's id, if known.</param>
/// <param name="AnonymousId">The id of a visitor whose user id is unknown.</param>
/// <param name="Properties">Further properties of the event: a JSON object, or null.</param>
/// <param name="OccurredAt">When the action took place, UTC.</param>
/// <param name="ReceivedAt">When the event arrived, UTC.</param>
/// <param name="Source">The id of the sender's API key; empty for events that an earlier release received.</param>
internal sealed record UserEvent(
    string MessageId,
    string Event,
    string? UserId,
    string? AnonymousId,
    JsonElement? Properties,
    DateTimeOffset OccurredAt,
    DateTimeOffset ReceivedAt,
    string Source = ""
);
