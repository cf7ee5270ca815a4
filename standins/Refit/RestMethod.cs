using System.Reflection;
using System.Text.RegularExpressions;

namespace Refit;

internal enum Role
{
    Query,
    Path,
    Header,
    Headers,
    Authorization,
    Body,
    CancellationToken,
}

internal sealed record Parameter(ParameterInfo Info, Role Role, string Name);

/// <summary>A piece of the path: text, or the value of a parameter.</summary>
internal sealed record Fragment(string? Text, int Position = -1, bool KeepSlashes = false);

/// <summary>What the attributes of an interface's method say; a method that makes no sense is refused before the first call.</summary>
internal sealed partial class RestMethod
{
    public RestMethod(MethodInfo method, HttpMethodAttribute attribute)
    {
        (Verb, Headers) = (attribute.Method, StaticHeaders(method));
        if (!typeof(Task).IsAssignableFrom(method.ReturnType))
            throw new ArgumentException($"{method.DeclaringType}.{method.Name} must return a Task.");
        if (attribute.Path.Length > 0 && (attribute.Path[0] != '/' || attribute.Path.AsSpan().ContainsAny('\r', '\n')))
            throw new ArgumentException($"The path '{attribute.Path}' must start with '/' and be of one line.");

        var parameters = method.GetParameters();
        Path = Split(attribute.Path, parameters).ToList();
        var body = BodyOf(parameters);
        Parameters = parameters.Select((p, i) => new Parameter(p, RoleOf(p, i, body), NameOf(p))).ToList();
        foreach (var role in new[] { Role.Authorization, Role.Headers, Role.CancellationToken })
            if (Parameters.Count(p => p.Role == role) > 1)
                throw new ArgumentException($"{method.DeclaringType}.{method.Name} has more than one parameter for {role}.");
    }

    public HttpMethod Verb { get; }

    public IReadOnlyList<Fragment> Path { get; }

    public IReadOnlyList<Parameter> Parameters { get; }

    /// <summary>From the attributes of the interfaces that it inherits, its own, and the method's: later ones win, one without a value removes.</summary>
    public IReadOnlyDictionary<string, string?> Headers { get; }

    public static string NameOf(ParameterInfo parameter) => parameter.GetCustomAttribute<AliasAsAttribute>(true)?.Name ?? parameter.Name!;

    private Role RoleOf(ParameterInfo parameter, int position, ParameterInfo? body) =>
        parameter.ParameterType == typeof(CancellationToken) ? Role.CancellationToken
        : parameter == body ? Role.Body
        : parameter.IsDefined(typeof(HeaderAttribute)) ? Role.Header
        : parameter.IsDefined(typeof(HeaderCollectionAttribute)) ? Role.Headers
        : parameter.IsDefined(typeof(AuthorizeAttribute)) ? Role.Authorization
        : Path.Any(f => f.Position == position) ? Role.Path
        : Role.Query;

    private ParameterInfo? BodyOf(ParameterInfo[] parameters)
    {
        var named = parameters.Where(p => p.IsDefined(typeof(BodyAttribute))).ToList();
        if (named.Count == 0 && (Verb == HttpMethod.Post || Verb == HttpMethod.Put || Verb == HttpMethod.Patch))
            named = parameters.Where(p => !p.ParameterType.IsValueType && p.ParameterType != typeof(string)
                && !p.IsDefined(typeof(QueryAttribute)) && !p.IsDefined(typeof(HeaderCollectionAttribute))).ToList();
        return named.Count <= 1 ? named.SingleOrDefault() : throw new ArgumentException("Only one parameter can be the body: mark it with [Body].");
    }

    private static IEnumerable<Fragment> Split(string path, ParameterInfo[] parameters)
    {
        var end = 0;
        foreach (var match in Placeholder.Matches(path).AsEnumerable())
        {
            if (match.Index > end)
                yield return new(path[end..match.Index]);
            end = match.Index + match.Length;
            var keepSlashes = match.Groups[1].Value.StartsWith("**", StringComparison.Ordinal);
            var name = match.Groups[1].Value[(keepSlashes ? 2 : 0)..];
            var position = Array.FindIndex(parameters, p => NameOf(p).Equals(name, StringComparison.OrdinalIgnoreCase));
            if (position < 0 || (keepSlashes && parameters[position].ParameterType != typeof(string)))
                throw new ArgumentException($"The path '{path}' has a placeholder '{name}' that no parameter fills.");
            yield return new(null, position, keepSlashes);
        }
        if (end < path.Length)
            yield return new(path[end..]);
    }

    private static Dictionary<string, string?> StaticHeaders(MethodInfo method)
    {
        var declaring = method.DeclaringType!;
        Dictionary<string, string?> headers = [];
        foreach (var source in declaring.GetInterfaces().Reverse<MemberInfo>().Append(declaring).Append(method))
            foreach (var header in source.GetCustomAttribute<HeadersAttribute>(true)?.Headers ?? [])
                if (!string.IsNullOrWhiteSpace(header))
                {
                    var colon = header.IndexOf(':', StringComparison.Ordinal);
                    headers[(colon < 0 ? header : header[..colon]).Trim()] = colon < 0 ? null : header[(colon + 1)..].Trim();
                }
        return headers;
    }

    [GeneratedRegex(@"{([^/?\r\n]*?)}")]
    private static partial Regex Placeholder { get; }
}
