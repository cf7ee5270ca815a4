using System.Globalization;
using System.Text.Json;
using CogniForge.Serving.Protocol;

namespace CogniForge.Serving.Inference;

/// <summary>
/// Writes an inference response: JSON, followed by raw bytes for the outputs that were requested so (<see
/// cref="BinaryData"/>).
/// </summary>
internal sealed class InferResult(InferRequest request, InferResponse response) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        using (request)
        {
            var raw = response.Outputs.Where(output => request.IsBinary(output.Name)).ToList();
            if (raw.Count > 0)
            {
                await WriteBinaryAsync(httpContext, raw);
            }
            else
            {
                await WriteJsonAsync(httpContext);
            }
        }
    }

    private async Task WriteJsonAsync(HttpContext context)
    {
        context.Response.ContentType = "application/json";
        await using var json = new Utf8JsonWriter(context.Response.BodyWriter);
        await response.WriteToAsync(json, static _ => false, FlushAsync);

        // Waits for a slow client, so that only a part of a large response is in memory.
        async ValueTask FlushAsync()
        {
            await json.FlushAsync(context.RequestAborted);
            await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
        }
    }

    private async Task WriteBinaryAsync(HttpContext context, List<Tensor> raw)
    {
        using var header = new MemoryStream();
        await using (var json = new Utf8JsonWriter(header))
        {
            await response.WriteToAsync(json, raw.Contains, () => ValueTask.CompletedTask);
        }

        context.Response.ContentType = "application/octet-stream";
        context.Response.ContentLength = header.Length + raw.Sum(output => output.RawBytes);
        context.Response.Headers[BinaryData.Header] = header.Length.ToString(CultureInfo.InvariantCulture);
        await context.Response.BodyWriter.WriteAsync(
            header.GetBuffer().AsMemory(0, (int)header.Length),
            context.RequestAborted
        );
        foreach (var output in raw)
        {
            output.WriteRaw(context.Response.BodyWriter);
            await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
        }
    }
}
