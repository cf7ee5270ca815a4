using System.Diagnostics.CodeAnalysis;

namespace CogniForge.Llm.ProviderState;

/// <summary>
/// Compares names as liberal servers do: Protobuf's JSON accepts <c>cachedContent</c> for <c>cached_content</c>, Go and
/// .NET ignore the case.
/// </summary>
internal sealed class LooseNameComparer : IEqualityComparer<string>
{
    public static LooseNameComparer Instance { get; } = new();

    public bool Equals(string? x, string? y)
    {
        if (x is null || y is null)
        {
            return x is null && y is null;
        }

        var (i, j) = (0, 0);
        while (true)
        {
            i = SkipUnderscores(x, i);
            j = SkipUnderscores(y, j);
            if (i == x.Length || j == y.Length)
            {
                return i == x.Length && j == y.Length;
            }

            if (char.ToLowerInvariant(x[i++]) != char.ToLowerInvariant(y[j++]))
            {
                return false;
            }
        }
    }

    public int GetHashCode([DisallowNull] string obj)
    {
        var hash = new HashCode();
        foreach (var letter in obj)
        {
            if (letter != '_')
            {
                hash.Add(char.ToLowerInvariant(letter));
            }
        }

        return hash.ToHashCode();
    }

    private static int SkipUnderscores(string text, int index)
    {
        while (index < text.Length && text[index] == '_')
        {
            index++;
        }

        return index;
    }
}
