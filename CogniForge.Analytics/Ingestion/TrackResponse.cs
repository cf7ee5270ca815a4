namespace CogniForge.Analytics.Ingestion;

/// <summary>The acknowledgement of a durable event.</summary>
/// <param name="MessageId">The event's id.</param>
internal sealed record TrackResponse(string MessageId);
