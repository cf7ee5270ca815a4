namespace CogniForge.Web.Clients;

/// <summary>The numbers of recorded events, by kind.</summary>
internal sealed record ActivityCounts(long Events, long Completions, long Inferences, long Promotions, long Drifts);
