using System.ComponentModel.DataAnnotations;

namespace CogniForge.Llm.RequestLog;

/// <summary>How long requests are kept one by one.</summary>
internal sealed class RequestLogOptions
{
    /// <summary>The configuration section.</summary>
    public const string SectionName = "RequestLog";

    /// <summary>The whole days, UTC, after which only sums of a day are kept, 1 to 3,650; 0: never. Default: 0.</summary>
    [Range(0, 3_650)]
    public int RetentionDays { get; set; }
}
