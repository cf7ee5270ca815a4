using System.Text.Json;
using CogniForge.Llm.Gateway;
using CogniForge.Llm.Gateway.Requests;
using CogniForge.Llm.Protocols;
using CogniForge.Llm.Protocols.Json;
using CogniForge.Llm.Routing;
using CogniForge.ServiceDefaults.Errors;
using CogniForge.ServiceDefaults.Overload;

namespace CogniForge.Llm.PassThrough;

/// <summary>A client's request to a pass-through endpoint, read as far as the gateway needs.</summary>
internal sealed class PassThroughRequest
{
    private const int DefaultCompletionTokens = 16; // as at OpenAI
    private static readonly JsonElement _noBody = JsonDocument.Parse("{}").RootElement;
    private readonly ModelForm? _form;

    private PassThroughRequest(PassThroughEndpoint endpoint, HttpContext http, ModelForm? form)
    {
        (Endpoint, Http, _form) = (endpoint, http, form);
        Protocol = endpoint.Protocol ?? ModelsEndpoints.GetProtocol(http);
    }

    public PassThroughEndpoint Endpoint { get; }

    public HttpContext Http { get; }

    /// <summary>The API of the client and the provider.</summary>
    public Protocol Protocol { get; }

    /// <summary>The id in the path; null: the path has none.</summary>
    public string? Id => Http.GetRouteValue("id") as string;

    /// <summary>The request as limits, log and references see it.</summary>
    public required InferenceRequest Inference { get; init; }

    /// <summary>
    /// Whether the client gets all events. The gateway itself requests the usage of text completions, in an event that
    /// many clients do not expect.
    /// </summary>
    public bool WantsUsage => Endpoint.Charge != Charge.Text || Inference.WantsUsage;

    /// <summary>The bytes of audio sent to the provider; 0: it fetches them; null: the request has no audio.</summary>
    public long? AudioBytes => Endpoint.Operation is "transcriptions" or "translations" ? _form!.FileBytes : null;

    /// <returns>The request, or the errors.</returns>
    /// <exception cref="BadHttpRequestException">The body is missing, too large or malformed.</exception>
    public static async Task<(PassThroughRequest? Request, FieldErrors Errors)> ReadAsync(
        PassThroughEndpoint endpoint,
        HttpContext http
    )
    {
        var errors = new FieldErrors();
        var body = _noBody;
        ModelForm? form = null;
        if (endpoint.Content == RequestContent.Json)
        {
            var (utf8, error) = await JsonBody.ReadAsync(http);
            var json = error is null ? JsonBody.Parse(utf8) : default;
            if (error is not null || json.ValueKind != JsonValueKind.Object)
            {
                errors.Add(error ?? new("", "must be a JSON object"));
                return (null, errors);
            }

            body = json;
        }
        else if (endpoint.Content == RequestContent.Stream)
        {
            _ = ModelForm.GetBoundary(http.Request.ContentType);
        }
        else if (endpoint.Content == RequestContent.Form)
        {
            var (type, share) = (http.Request.ContentType, http.Features.Get<BodyShare>());
            form = await ModelForm.ReadAsync(http.Request.Body, type, share, http.RequestAborted);
            http.Response.RegisterForDisposeAsync(form);
        }

        try
        {
            var model = endpoint.HasModel ? ReadModel(endpoint, body, form, errors) : endpoint.Operation;
            var inference = CreateInference(endpoint, http, body, model, errors);
            return (errors.Count > 0 ? null : new(endpoint, http, form) { Inference = inference }, errors);
        }
        catch (InvalidOperationException)
        {
            // System.Text.Json detects invalid names only when it compares them.
            errors.Add(new("", InvalidUnicode.NamesRule));
            return (null, errors);
        }
    }

    /// <summary>The path below the provider's address, with the client's query.</summary>
    public string GetPath()
    {
        var path = Endpoint.Path.Replace("{id}", Uri.EscapeDataString(Id ?? ""), StringComparison.Ordinal);
        var query = Http.Request.Query.Where(q => q.Key != PassThroughProviders.Parameter);
        return path + QueryString.Create(query);
    }

    /// <summary>The content for a provider; null: JSON, or none.</summary>
    public HttpContent? CreateContent(ResolvedTarget target) =>
        Endpoint.Content switch
        {
            RequestContent.Form => new FormContent(_form!, target.Model),
            RequestContent.Stream => new BodyContent(
                Http.Request.Body,
                Http.Request.ContentType,
                Http.Request.ContentLength
            ),
            RequestContent.None when Endpoint.Method == HttpMethods.Post => new ByteArrayContent([]),
            _ => null,
        };

    private static string? ReadModel(
        PassThroughEndpoint endpoint,
        JsonElement body,
        ModelForm? form,
        FieldErrors errors
    )
    {
        var model = form?.Model ?? RequestFields.ReadOptionalString(body, "model") ?? endpoint.DefaultModel;
        if (form?.IsModelLate == true)
        {
            errors.Add(new("model", "must precede files of more than 64 MiB"));
        }
        else if (model is null)
        {
            errors.Add(new("model", InvalidUnicode.StringRule));
        }
        else if (!TextLimits.IsName(model))
        {
            errors.Add(new("model", $"must be 1 to {TextLimits.MaxName} characters, without control characters"));
        }

        return model;
    }

    private static InferenceRequest CreateInference(
        PassThroughEndpoint endpoint,
        HttpContext http,
        JsonElement body,
        string? model,
        FieldErrors errors
    )
    {
        var isText = endpoint.Charge == Charge.Text;
        var maxTokens = isText ? RequestFields.ReadPositiveInteger(body, "max_tokens", errors) : null;
        var n = RequestFields.ReadPositiveInteger(body, "n", errors, 128) ?? 1;
        var bestOf = isText ? RequestFields.ReadPositiveInteger(body, "best_of", errors, 128) ?? 1 : 1;
        return new()
        {
            Protocol =
                isText ? Protocol.ChatCompletions
                : endpoint.Protocol == Protocol.Responses ? Protocol.Responses
                : Protocol.Embeddings, // without output tokens
            Body = body,
            Model = model ?? "",
            User = RequestFields.ReadShortString(body, "user", "user", errors),
            Stream = RequestFields.ReadBoolean(body, "stream", "stream", errors),
            WantsUsage = isText && InferenceRequestParser.ReadIncludeUsage(body, errors),
            MaxOutputTokens = isText ? maxTokens ?? DefaultCompletionTokens : null,
            Choices = isText ? Math.Max(n, bestOf) * CountPrompts(body) : 1,
            Images = endpoint.Operation == "images" ? n : 0,
            Characters = endpoint.Operation == "speech" ? body.Text("input")?.EnumerateRunes().Count() ?? 0 : 0,
            BodyShare = http.Features.Get<BodyShare>(),
            InputCharacters = RequestFields.CountCharacters(body),
            Headers = ForwardedHeaders.Read(http.Request.Headers, errors),
            IsFree = endpoint.Charge is Charge.Nothing or Charge.Batch,
        };
    }

    /// <summary>The prompts, each of which is completed: texts, or arrays of tokens.</summary>
    private static int CountPrompts(JsonElement body) =>
        body.Member("prompt") is { ValueKind: JsonValueKind.Array } prompts
            ? Math.Max(1, prompts.Items().Count(p => p.ValueKind is JsonValueKind.String or JsonValueKind.Array))
            : 1;
}
