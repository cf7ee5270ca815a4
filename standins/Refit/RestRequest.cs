using System.Net.Http.Headers;
using System.Reflection;
using System.Text;
using System.Web;

namespace Refit;

/// <summary>Writes the request that a call of a method stands for.</summary>
internal static class RestRequest
{
    private static readonly Uri _anyHost = new("http://api");

    public static HttpRequestMessage Create(RestMethod method, object?[] arguments, string basePath, RefitSettings settings)
    {
        var request = new HttpRequestMessage { Method = method.Verb };
        var headers = new Dictionary<string, string?>(method.Headers);
        List<(string Name, string? Value)> query = [];
        foreach (var (parameter, value) in method.Parameters.Zip(arguments))
            switch (parameter.Role)
            {
                case Role.Body:
                    request.Content = Body(parameter, value, settings);
                    break;
                case Role.Header:
                    headers[parameter.Info.GetCustomAttribute<HeaderAttribute>()!.Header.Trim()] = value?.ToString();
                    break;
                case Role.Headers when value is IDictionary<string, string> several:
                    foreach (var header in several)
                        headers[header.Key] = header.Value;
                    break;
                case Role.Authorization:
                    headers["Authorization"] = $"{parameter.Info.GetCustomAttribute<AuthorizeAttribute>()!.Scheme} {value}";
                    break;
                case Role.Query when value is not null:
                    query.AddRange(QueryValues.Of(parameter, value, settings.CollectionFormat));
                    break;
            }

        if (headers.Count > 0 && method.Verb != HttpMethod.Get && method.Verb != HttpMethod.Head)
            request.Content ??= new ByteArrayContent([]);
        foreach (var (name, value) in headers)
            SetHeader(request, name, value);
        request.RequestUri = Address(basePath == "/" ? "" : basePath, method, arguments, query);
        return request;
    }

    private static HttpContent Body(Parameter parameter, object? value, RefitSettings settings)
    {
        var method = parameter.Info.GetCustomAttribute<BodyAttribute>()?.SerializationMethod ?? BodySerializationMethod.Serialized;
        return value switch
        {
            HttpContent content => content,
            Stream stream => new StreamContent(stream),
            string text when method == BodySerializationMethod.Default => new StringContent(text),
            _ => settings.ContentSerializer.ToHttpContent(value),
        };
    }

    private static Uri Address(string basePath, RestMethod method, object?[] arguments, List<(string Name, string? Value)> query)
    {
        var path = new StringBuilder(basePath);
        foreach (var fragment in method.Path)
            path.Append(fragment.Text ?? Segment(method, arguments, fragment));

        var address = new UriBuilder(new Uri(_anyHost, path.ToString()));
        var written = HttpUtility.ParseQueryString(address.Query);
        var all = written.AllKeys.Where(name => !string.IsNullOrWhiteSpace(name)).Select(name => (Name: name!, Value: written[name])).Concat(query);
        address.Query = string.Join('&', all.Where(q => q.Value is not null).Select(q => $"{Uri.EscapeDataString(q.Name)}={Uri.EscapeDataString(q.Value!)}"));
        return new(address.Uri.PathAndQuery, UriKind.Relative);
    }

    private static string Segment(RestMethod method, object?[] arguments, Fragment fragment)
    {
        var format = method.Parameters[fragment.Position].Info.GetCustomAttribute<QueryAttribute>()?.Format;
        var text = QueryValues.Text(arguments[fragment.Position], format) ?? "";
        return fragment.KeepSlashes ? string.Join('/', text.Split('/').Select(Uri.EscapeDataString)) : Uri.EscapeDataString(text);
    }

    // A header may be the content's, and an earlier one of that name gives way; line breaks would let a value add headers of its own.
    private static void SetHeader(HttpRequestMessage request, string name, string? value)
    {
        foreach (var headers in new HttpHeaders?[] { request.Headers, request.Content?.Headers })
            if (headers?.NonValidated.Contains(name) == true)
                headers.Remove(name);
        if (value is null)
            return;
        (name, value) = (OneLine(name), OneLine(value));
        if (!request.Headers.TryAddWithoutValidation(name, value))
            request.Content?.Headers.TryAddWithoutValidation(name, value);
    }

    private static string OneLine(string text) => text.ReplaceLineEndings("");
}
