using System.Text.Json;
using CogniForge.Llm.Caching;
using CogniForge.Llm.Protocols;
using CogniForge.Llm.Protocols.Json;
using CogniForge.ServiceDefaults.Errors;

namespace CogniForge.Llm.Gateway.Requests;

/// <summary>Parses the fields of a request that the gateway itself uses, in every protocol.</summary>
internal static class InferenceRequestParser
{
    /// <summary>Parses an inference request.</summary>
    /// <returns>The errors; empty if the request is valid, and <paramref name="request"/> is set.</returns>
    public static IReadOnlyList<FieldError> Parse(
        Protocol protocol,
        JsonElement body,
        IHeaderDictionary headers,
        out InferenceRequest? request
    ) => Parse(protocol, body, headers, generatesOutput: true, out request);

    /// <summary>Parses a request to count tokens, in Anthropic's format.</summary>
    /// <returns>The errors; empty if the request is valid, and <paramref name="request"/> is set.</returns>
    public static IReadOnlyList<FieldError> ParseCountTokens(
        JsonElement body,
        IHeaderDictionary headers,
        out InferenceRequest? request
    ) => Parse(Protocol.Messages, body, headers, generatesOutput: false, out request);

    private static FieldErrors Parse(
        Protocol protocol,
        JsonElement body,
        IHeaderDictionary headers,
        bool generatesOutput,
        out InferenceRequest? request
    )
    {
        request = null;
        if (body.ValueKind != JsonValueKind.Object)
        {
            return [new("", "must be a JSON object")];
        }

        var errors = new FieldErrors();
        try
        {
            request = Parse(protocol, body, headers, generatesOutput, errors);
        }
        catch (InvalidOperationException)
        {
            // System.Text.Json detects invalid names only when it compares them.
            errors.Add(new("", InvalidUnicode.NamesRule));
        }

        if (errors.Count > 0)
        {
            request = null;
        }

        return errors;
    }

    private static InferenceRequest Parse(
        Protocol protocol,
        JsonElement body,
        IHeaderDictionary headers,
        bool generatesOutput,
        FieldErrors errors
    )
    {
        var model = RequestFields.ReadString(body, "model", "model", errors);
        if (model is not null && !TextLimits.IsName(model))
        {
            errors.Add(new("model", $"must be 1 to {TextLimits.MaxName} characters, without control characters"));
        }

        // xAI responds at once and works on; the gateway has no endpoint for the result.
        if (body.Members("deferred").Any(d => d.ValueKind == JsonValueKind.True))
        {
            errors.Add(new("deferred", "must be false: the result could not be fetched"));
        }

        if (protocol != Protocol.Embeddings && RequestTools.GetAll(body).Skip(RequestLimits.MaxTools).Any())
        {
            errors.Add(new("tools", $"must have at most {RequestLimits.MaxTools} entries"));
        }

        return new InferenceRequest
        {
            Protocol = protocol,
            Body = body,
            Model = model ?? "",
            User = ReadUser(protocol, body, errors),
            Metadata = protocol == Protocol.Messages ? null : RequestMetadata.Read(body),
            Headers = ForwardedHeaders.Read(headers, errors),
            CacheControl =
                headers.CacheControl.Count == 0 ? CacheControl.None : CacheControl.Parse(headers.CacheControl),
            CacheTags = CacheTags.Read(headers, errors),
            Stream = protocol != Protocol.Embeddings && RequestFields.ReadBoolean(body, "stream", "stream", errors),
            WantsUsage = protocol == Protocol.ChatCompletions && ReadIncludeUsage(body, errors),
            MaxOutputTokens = generatesOutput ? ReadMaxOutputTokens(protocol, body, errors) : null,
            Choices = protocol == Protocol.ChatCompletions ? ReadChoices(body, errors) : 1,
            Images = protocol == Protocol.Embeddings ? 0 : RequestImages.Count(body),
            InputCharacters = protocol switch
            {
                Protocol.ChatCompletions => ChatMessagesValidator.Validate(body, errors)
                    + RequestFields.CountCharacters(body, "tools"),
                Protocol.Messages => AnthropicMessagesValidator.Validate(body, errors)
                    + RequestFields.CountCharacters(body, "system")
                    + RequestFields.CountCharacters(body, "tools"),
                _ => InputValidator.Validate(body, errors)
                    + RequestFields.CountCharacters(body, "instructions")
                    + RequestFields.CountCharacters(body, "tools"),
            },
        };
    }

    private static int? ReadMaxOutputTokens(Protocol protocol, JsonElement body, FieldErrors errors) =>
        protocol switch
        {
            Protocol.ChatCompletions => RequestFields.ReadPositiveInteger(body, "max_completion_tokens", errors)
                ?? RequestFields.ReadPositiveInteger(body, "max_tokens", errors),
            Protocol.Responses => RequestFields.ReadPositiveInteger(body, "max_output_tokens", errors),
            Protocol.Messages => RequestFields.ReadPositiveInteger(body, "max_tokens", errors)
                ?? RequireValue("max_tokens", errors),
            _ => null,
        };

    private static int ReadChoices(JsonElement body, FieldErrors errors) =>
        RequestFields.ReadPositiveInteger(body, "n", errors, RequestLimits.MaxChoices) ?? 1;

    private static int? RequireValue(string name, FieldErrors errors)
    {
        if (!errors.Any(e => e.Path == name))
        {
            errors.Add(new(name, "must be a whole number, 1 or more"));
        }

        return null;
    }

    /// <summary>Whether the client requests the usage of a stream.</summary>
    internal static bool ReadIncludeUsage(JsonElement body, FieldErrors errors)
    {
        if (!body.TryGetProperty("stream_options", out var options) || options.ValueKind == JsonValueKind.Null)
        {
            return false;
        }

        if (options.ValueKind == JsonValueKind.Object)
        {
            return RequestFields.ReadBoolean(options, "include_usage", "stream_options.include_usage", errors);
        }

        errors.Add(new("stream_options", "must be an object"));
        return false;
    }

    private static string? ReadUser(Protocol protocol, JsonElement body, FieldErrors errors)
    {
        // Only validated here: it identifies the conversation.
        RequestFields.ReadShortString(body, "prompt_cache_key", "prompt_cache_key", errors);
        if (protocol == Protocol.Messages)
        {
            return body.TryGetProperty("metadata", out var metadata) && metadata.ValueKind == JsonValueKind.Object
                ? RequestFields.ReadShortString(metadata, "user_id", "metadata.user_id", errors)
                : null;
        }

        var identifier = RequestFields.ReadShortString(body, "safety_identifier", "safety_identifier", errors);
        return RequestFields.ReadShortString(body, "user", "user", errors) ?? identifier;
    }
}
