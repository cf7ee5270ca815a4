namespace CogniForge.Analytics.Ingestion;

/// <summary>The event is safe.</summary>
/// <param name="MessageId">Its id.</param>
internal sealed record TrackResponse(string MessageId);
