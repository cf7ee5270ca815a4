namespace CogniForge.Web.Clients;

/// <summary>How much analytics has recorded.</summary>
internal sealed record ActivityCounts(long Events, long Completions, long Inferences, long Promotions);
