using System.Text.Json;
using CogniForge.Llm.Caching;
using CogniForge.Llm.Protocols;
using CogniForge.ServiceDefaults.Errors;

namespace CogniForge.Llm.Gateway.Requests;

/// <summary>Reads of each protocol's requests what the gateway itself uses.</summary>
internal static class InferenceRequestParser
{
    private static readonly string[] _passing =
    [
        "anthropic-version",
        "anthropic-beta",
        "openai-beta",
        "http-referer",
        "x-title",
        "x-openrouter-title",
        "x-openrouter-categories",
    ];

    /// <summary>Reads a request for an answer.</summary>
    /// <returns>The rules that it breaks; empty when <paramref name="request"/> is set.</returns>
    public static IReadOnlyList<FieldError> Read(
        Protocol protocol,
        JsonElement body,
        IHeaderDictionary headers,
        out InferenceRequest? request
    ) => Read(protocol, body, headers, wantsResponse: true, out request);

    /// <summary>Reads a request whose tokens are to be counted, in Anthropic's form.</summary>
    /// <returns>The rules that it breaks; empty when <paramref name="request"/> is set.</returns>
    public static IReadOnlyList<FieldError> ReadToCount(
        JsonElement body,
        IHeaderDictionary headers,
        out InferenceRequest? request
    ) => Read(Protocol.Messages, body, headers, wantsResponse: false, out request);

    private static List<FieldError> Read(
        Protocol protocol,
        JsonElement body,
        IHeaderDictionary headers,
        bool wantsResponse,
        out InferenceRequest? request
    )
    {
        request = null;
        if (body.ValueKind != JsonValueKind.Object)
        {
            return [new("", "must be a JSON object")];
        }

        var errors = new List<FieldError>();
        try
        {
            request = Read(protocol, body, headers, wantsResponse, errors);
        }
        catch (InvalidOperationException)
        {
            // .NET finds out only when it compares names.
            errors.Add(new("", "must have member names of valid Unicode"));
        }

        if (errors.Count > 0)
        {
            request = null;
        }

        return errors;
    }

    private static InferenceRequest Read(
        Protocol protocol,
        JsonElement body,
        IHeaderDictionary headers,
        bool wantsResponse,
        List<FieldError> errors
    )
    {
        var model = RequestBody.Text(body, "model", "model", errors);
        if (model is not null && !ShortText.IsName(model))
        {
            errors.Add(new("model", $"must be 1 to {ShortText.MaxName} characters, none of them a control character"));
        }

        return new InferenceRequest
        {
            Protocol = protocol,
            Body = body,
            Model = model ?? "",
            User = User(protocol, body, errors),
            Headers = Passing(headers),
            Caching = headers.CacheControl.Count == 0 ? CacheControl.None : CacheControl.Parse(headers.CacheControl),
            CacheTags = CacheTags.Read(headers, errors),
            Stream = protocol != Protocol.Embeddings && RequestBody.Flag(body, "stream", "stream", errors),
            WantsUsage = protocol == Protocol.ChatCompletions && WantsUsage(body, errors),
            MaxOutputTokens = wantsResponse ? MaxOutputTokens(protocol, body, errors) : null,
            Choices = protocol == Protocol.ChatCompletions ? RequestBody.Positive(body, "n", errors) ?? 1 : 1,
            Images = protocol == Protocol.Embeddings ? 0 : RequestImages.Count(body),
            InputCharacters = protocol switch
            {
                Protocol.ChatCompletions => ChatMessagesValidator.Check(body, errors)
                    + RequestBody.Characters(body, "tools"),
                Protocol.Messages => AnthropicMessagesValidator.Check(body, errors)
                    + RequestBody.Characters(body, "system")
                    + RequestBody.Characters(body, "tools"),
                _ => Input(body, errors)
                    + RequestBody.Characters(body, "instructions")
                    + RequestBody.Characters(body, "tools"),
            },
        };
    }

    private static int? MaxOutputTokens(Protocol protocol, JsonElement body, List<FieldError> errors) =>
        protocol switch
        {
            Protocol.ChatCompletions => RequestBody.Positive(body, "max_completion_tokens", errors)
                ?? RequestBody.Positive(body, "max_tokens", errors),
            Protocol.Responses => RequestBody.Positive(body, "max_output_tokens", errors),
            Protocol.Messages => RequestBody.Positive(body, "max_tokens", errors) ?? Missing("max_tokens", errors),
            _ => null,
        };

    private static int? Missing(string name, List<FieldError> errors)
    {
        if (!errors.Any(e => e.Path == name))
        {
            errors.Add(new(name, "must be a whole number, 1 or more"));
        }

        return null;
    }

    private static bool WantsUsage(JsonElement body, List<FieldError> errors)
    {
        if (!body.TryGetProperty("stream_options", out var options) || options.ValueKind == JsonValueKind.Null)
        {
            return false;
        }

        if (options.ValueKind == JsonValueKind.Object)
        {
            return RequestBody.Flag(options, "include_usage", "stream_options.include_usage", errors);
        }

        errors.Add(new("stream_options", "must be an object"));
        return false;
    }

    private static int Input(JsonElement body, List<FieldError> errors)
    {
        if (
            body.TryGetProperty("input", out var input)
            && input.ValueKind is JsonValueKind.String or JsonValueKind.Array
        )
        {
            return RequestBody.Characters(input);
        }

        errors.Add(new("input", "must be a string or an array"));
        return 0;
    }

    private static string? User(Protocol protocol, JsonElement body, List<FieldError> errors)
    {
        RequestBody.ShortText(body, "prompt_cache_key", "prompt_cache_key", errors); // names the conversation
        if (protocol == Protocol.Messages)
        {
            return body.TryGetProperty("metadata", out var metadata) && metadata.ValueKind == JsonValueKind.Object
                ? RequestBody.ShortText(metadata, "user_id", "metadata.user_id", errors)
                : null;
        }

        var identifier = RequestBody.ShortText(body, "safety_identifier", "safety_identifier", errors);
        return RequestBody.ShortText(body, "user", "user", errors) ?? identifier;
    }

    private static List<KeyValuePair<string, string>> Passing(IHeaderDictionary headers)
    {
        var passing = new List<KeyValuePair<string, string>>();
        foreach (var name in _passing)
        {
            if (headers.TryGetValue(name, out var value) && value.ToString() is { Length: > 0 } text)
            {
                passing.Add(new(name, text));
            }
        }

        return passing;
    }
}
