using System.ComponentModel.DataAnnotations;

namespace CogniForge.Llm.RequestLog;

/// <summary>The options of the request log.</summary>
internal sealed class RequestLogOptions
{
    /// <summary>The configuration section.</summary>
    public const string SectionName = "RequestLog";

    /// <summary>
    /// The number of whole days (UTC) after which entries are rolled up to daily sums, 1 to 3,650; 0: never.
    /// Default: 0.
    /// </summary>
    [Range(0, 3_650)]
    public int RetentionDays { get; set; }
}
