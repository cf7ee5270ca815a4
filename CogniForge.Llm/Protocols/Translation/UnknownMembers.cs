using System.Collections.Frozen;
using CogniForge.Llm.Protocols.Json;

namespace CogniForge.Llm.Protocols.Translation;

/// <summary>Names the members of messages and their parts that a translation does not carry over.</summary>
internal static class UnknownMembers
{
    /// <summary>Names the members that are not known, unless they have no effect.</summary>
    /// <param name="parent">The message or part.</param>
    /// <param name="path">The path of its members in the header, e.g. <c>messages.content</c>.</param>
    /// <param name="known">The members that the translation reads, or that mean nothing to a model.</param>
    /// <param name="dropped">Receives the names.</param>
    public static void Name(JsonField parent, string path, FrozenSet<string> known, List<string> dropped)
    {
        foreach (var (name, value) in parent.Object() ?? [])
        {
            if (!known.Contains(name) && value.HasEffect())
            {
                dropped.Add($"{path}.{name}");
            }
        }
    }

    /// <summary>Creates a set from names separated by blanks.</summary>
    public static FrozenSet<string> Known(string names) => names.Split(' ').ToFrozenSet(StringComparer.Ordinal);
}
