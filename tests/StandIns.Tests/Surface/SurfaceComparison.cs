using System.Text.RegularExpressions;

namespace StandIns.Tests.Surface;

/// <summary>
/// What a stand-in offers that the real package does not. It may lack types, members, interfaces, accessors, values of an enum and the chance to override,
/// for code that does without them is served by the real one as well; names, parameters, defaults, bases, constraints and marks must be the real ones.
/// </summary>
public static partial class SurfaceComparison
{
    public static IReadOnlyList<string> Invented(IEnumerable<string> standIn, IEnumerable<string> real)
    {
        var realTypes = Types(real);
        List<string> invented = [];
        foreach (var (name, (head, members)) in Types(standIn))
        {
            if (!realTypes.TryGetValue(name, out var realType))
            {
                invented.Add(head);
                continue;
            }
            if (!IsWithin(Head.Match(head), Head.Match(realType.Head)))
                invented.Add($"{head}   (really: {realType.Head})");
            invented.AddRange(members.Where(m => !realType.Members.Any(r => IsWithin(m, r))).Select(m => $"{name}: {m}"));
        }
        return invented;
    }

    private static Dictionary<string, (string Head, List<string> Members)> Types(IEnumerable<string> lines)
    {
        Dictionary<string, (string Head, List<string> Members)> types = [];
        List<string> members = [];
        foreach (var line in lines.Where(l => l.Length > 0 && l[0] != '#'))
            if (line[0] == ' ')
                members.Add(line.Trim());
            else
                types.Add(Head.Match(line).Groups["name"].Value, (line, members = []));
        return types;
    }

    private static bool IsWithin(Match standIn, Match real) =>
        new[] { "kind", "where", "marks" }.All(part => standIn.Groups[part].Value == real.Groups[part].Value)
        && Items(standIn.Groups["bases"].Value).IsSubsetOf(Items(real.Groups["bases"].Value));

    private static bool IsWithin(string standIn, string real)
    {
        if (standIn == real || "virtual " + standIn == real || standIn == real.Replace("protected virtual ", "protected ", StringComparison.Ordinal))
            return true;
        if (EnumValues.IsMatch(standIn) && EnumValues.IsMatch(real))
            return Items(standIn).IsSubsetOf(Items(real));
        var (mine, its) = (Accessors.Match(standIn), Accessors.Match(real));
        return mine.Success && its.Success
            && mine.Groups["rest"].Value == its.Groups["rest"].Value && mine.Groups["marks"].Value == its.Groups["marks"].Value
            && mine.Groups["list"].Value.Split(';').All(its.Groups["list"].Value.Split(';').Contains);
    }

    // No type in a list of bases has a blank after a comma of its own.
    private static HashSet<string> Items(string list) => list.Split(", ", StringSplitOptions.RemoveEmptyEntries).ToHashSet();

    [GeneratedRegex(@"^(?<kind>(?:static |abstract |sealed )?(?:class|interface|struct|enum|delegate)) (?<name>.+?)(?: : (?<bases>.+?))?(?<where>(?: where .+?)*)(?<marks>(?: \[.+?\])*)$", RegexOptions.ExplicitCapture)]
    private static partial Regex Head { get; }

    [GeneratedRegex(@"^(?<rest>.+) \{(?<list>[a-z;]+)\}(?<marks>.*)$", RegexOptions.ExplicitCapture)]
    private static partial Regex Accessors { get; }

    [GeneratedRegex(@"^\w+=-?\d+(, \w+=-?\d+)*$", RegexOptions.ExplicitCapture)]
    private static partial Regex EnumValues { get; }
}
