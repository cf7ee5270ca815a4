using CogniForge.Serving.Models;

namespace CogniForge.Serving.Artifacts;

/// <summary>Sends the file of a version.</summary>
internal sealed class ArtifactResult(Stream content, Artifact artifact) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        await using (content)
        {
            httpContext.Response.ContentType = ArtifactEndpoints.MediaType;
            httpContext.Response.ContentLength = artifact.Bytes;
            httpContext.Response.Headers.ETag = $"\"{ArtifactEndpoints.DigestPrefix}{artifact.Sha256}\"";
            await content.CopyToAsync(httpContext.Response.Body, httpContext.RequestAborted);
        }
    }
}
