using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace CogniForge.Llm.Resilience;

/// <summary>
/// Masks what looks like a secret in the error texts of providers: a proxy in between may echo keys that the gateway
/// does not know.
/// </summary>
internal static partial class SecretMask
{
    private const string Mask = "***";

    [return: NotNullIfNotNull(nameof(text))]
    public static string? Apply(string? text) => text is null ? null : SecretRegex().Replace(text, $"$1{Mask}");

    // Words such as in "Bearer authentication" or "api_key: required" have only lower-case letters.
    [GeneratedRegex(
        """
        (\b(?i:(?:bearer|basic)\s+|(?:x-)?api[-_]?key["']?\s*[:=]\s*["']?|authorization["']?\s*[:=]\s*["']?))
        (?![a-z]+(?![^\s"',;]))[^\s"',;]{8,}
        |\b(?:sk|pk|rk|cf|gsk|xai|hf|pplx|nvapi)[-_][A-Za-z0-9_*-]{8,}
        |\bAIza[A-Za-z0-9_-]{16,}
        """,
        RegexOptions.CultureInvariant | RegexOptions.IgnorePatternWhitespace
    )]
    private static partial Regex SecretRegex();
}
