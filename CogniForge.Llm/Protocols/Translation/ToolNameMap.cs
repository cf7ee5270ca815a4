using System.Security.Cryptography;
using System.Text;
using CogniForge.Llm.Routing;

namespace CogniForge.Llm.Protocols.Translation;

/// <summary>
/// Fits tool names to a provider's rules, and restores the client's. MCP tools have long names with any characters;
/// OpenAI and Anthropic accept 64 characters (danny-avila/LibreChat#12888, microsoft/vscode#243602), Gemini 63.
/// </summary>
internal sealed class ToolNameMap
{
    private const int MaxLength = 64;
    private const int MaxLengthElsewhere = 63;
    private const int HashLength = 8;
    private readonly Dictionary<string, string> _originals = [];

    /// <param name="names">The names of the client's tools.</param>
    public ToolNameMap(IEnumerable<string?> names)
    {
        foreach (var name in names.OfType<string>())
        {
            _originals.TryAdd(Fit(name, ProviderKind.OpenAI), name);
            _originals.TryAdd(Fit(name, ProviderKind.OpenAICompatible), name);
        }
    }

    /// <summary>
    /// A name that the provider accepts: the same if it accepts that, else its start and a hash of the whole, so that
    /// the name is the same in every turn and on every replica.
    /// </summary>
    public static string Fit(string name, ProviderKind kind)
    {
        var isElsewhere = kind is not (ProviderKind.OpenAI or ProviderKind.Anthropic);
        var max = isElsewhere ? MaxLengthElsewhere : MaxLength;
        var safe = string.Concat(name.Select(c => IsAllowed(c) ? c : '_'));
        if (isElsewhere && safe.Length > 0 && !(char.IsAsciiLetter(safe[0]) || safe[0] == '_'))
        {
            safe = '_' + safe; // Gemini's rule
        }

        if (safe == name && name.Length <= max)
        {
            return name;
        }

        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)))[..HashLength];
        return $"{safe[..Math.Min(safe.Length, max - HashLength - 1)]}_{hash}";
    }

    /// <summary>The client's name of a tool; the name itself if it is unknown.</summary>
    public string Restore(string name) => _originals.GetValueOrDefault(name, name);

    private static bool IsAllowed(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '-';
}
