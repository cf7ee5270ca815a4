using System.Globalization;
using CogniForge.ServiceDefaults;
using CogniForge.ServiceDefaults.ApiKeys;
using CogniForge.ServiceDefaults.Errors;
using CogniForge.ServiceDefaults.Overload;
using CogniForge.Serving.Experiments;
using CogniForge.Serving.Inference;
using CogniForge.Serving.Loading;
using CogniForge.Serving.Models;
using CogniForge.Serving.Protocol;
using CogniForge.Serving.Routing;
using CogniForge.Serving.Rpc.Messages;
using Grpc.Core;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace CogniForge.Serving.Rpc;

/// <summary>The Open Inference Protocol v2 over gRPC.</summary>
[BindServiceMethod(typeof(InferenceServiceBinder), nameof(InferenceServiceBinder.Bind))]
internal sealed class InferenceService(
    ModelCatalog catalog,
    ModelRepository models,
    Router router,
    InferenceHandler handler,
    RepositoryIndex index,
    HealthCheckService health,
    ServiceDescription service,
    IHostApplicationLifetime lifetime,
    TimeProvider time,
    ILogger<InferenceService> logger
) : GRPCInferenceService.GRPCInferenceServiceBase
{
    [AllowAnonymous]
    public override Task<ServerLiveResponse> ServerLive(ServerLiveRequest request, ServerCallContext context) =>
        Task.FromResult(new ServerLiveResponse { Live = true });

    [AllowAnonymous]
    public override async Task<ServerReadyResponse> ServerReady(ServerReadyRequest request, ServerCallContext context)
    {
        var report = await health.CheckHealthAsync(context.CancellationToken);
        return new() { Ready = report.Status != HealthStatus.Unhealthy };
    }

    [AllowAnonymous]
    public override Task<ServerMetadataResponse> ServerMetadata(
        ServerMetadataRequest request,
        ServerCallContext context
    )
    {
        var server = Inference.OpenApi.ServerMetadata.Create(service);
        var response = new ServerMetadataResponse { Name = server.Name, Version = server.Version };
        response.Extensions.AddRange(server.Extensions);
        return Task.FromResult(response);
    }

    public override async Task<ModelReadyResponse> ModelReady(ModelReadyRequest request, ServerCallContext context)
    {
        var version = await FindAsync(request.Name, request.Version, context);
        return new() { Ready = models.Load(version).State == ModelState.Ready };
    }

    public override async Task<ModelMetadataResponse> ModelMetadata(
        ModelMetadataRequest request,
        ServerCallContext context
    )
    {
        var version = await FindAsync(request.Name, request.Version, context);
        using var lease = await models.AcquireAsync(version, context.CancellationToken);
        var response = new ModelMetadataResponse { Name = version.Name, Platform = lease.Runner.Platform };
        response.Versions.Add(version.Version.ToString(CultureInfo.InvariantCulture));
        response.Inputs.AddRange(lease.Runner.Inputs.Select(Describe));
        response.Outputs.AddRange(lease.Runner.Outputs.Select(Describe));
        return response;
    }

    public override Task<ModelInferResponse> ModelInfer(ModelInferRequest request, ServerCallContext context) =>
        InferAsync(request, null, context);

    /// <summary>Answers one request after the other. An error ends its request, not the stream.</summary>
    public override async Task ModelStreamInfer(
        IAsyncStreamReader<ModelInferRequest> requestStream,
        IServerStreamWriter<ModelStreamInferResponse> responseStream,
        ServerCallContext context
    )
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(
            context.CancellationToken,
            lifetime.ApplicationStopping
        );
        try
        {
            var turn = new Turn();
            await foreach (var request in requestStream.ReadAllAsync(end.Token))
            {
                await responseStream.WriteAsync(
                    await StreamAsync(request, responseStream, turn, context),
                    context.CancellationToken
                );
                await turn.NextAsync();
                context.GetHttpContext().Features.Get<BodyShare>()?.EndWork();
            }
        }
        catch (OperationCanceledException) when (!context.CancellationToken.IsCancellationRequested)
        {
            throw new RpcException(new Status(StatusCode.Unavailable, "This replica stops; connect again."));
        }
    }

    /// <summary>Sends the parts of a text as they come; returns the last response to the request.</summary>
    private async Task<ModelStreamInferResponse> StreamAsync(
        ModelInferRequest request,
        IServerStreamWriter<ModelStreamInferResponse> responseStream,
        Turn turn,
        ServerCallContext context
    )
    {
        var texts = new TextSink(
            async (text, cancellationToken) =>
            {
                cancellationToken.ThrowIfCancellationRequested();
                try
                {
                    // A deadline of one request, as the token of a write, would end the whole call.
                    await responseStream.WriteAsync(
                        new() { InferResponse = InferMessages.WriteText(request, text) },
                        context.CancellationToken
                    );
                    await turn.NextAsync();
                }
                catch (Exception e) when (context.CancellationToken.IsCancellationRequested)
                {
                    // That the client left is no fault of the version.
                    throw new OperationCanceledException("The client left.", e, context.CancellationToken);
                }
            }
        );
        try
        {
            var response = await InferAsync(request, texts, context);
            return new() { InferResponse = InferMessages.WriteLast(response, texts.HasText) };
        }
        catch (Exception e) when (!context.CancellationToken.IsCancellationRequested)
        {
            return new()
            {
                ErrorMessage = GrpcFailures.Describe(e, context, logger).Status.Detail,
                InferResponse = InferMessages.WriteLast(new() { Id = request.Id }, hasTexts: true),
            };
        }
    }

    private async Task<ModelInferResponse> InferAsync(
        ModelInferRequest request,
        TextSink? texts,
        ServerCallContext context
    )
    {
        var started = time.GetTimestamp();
        var target =
            await router.FindAsync(request.ModelName, ToNull(request.ModelVersion), context.CancellationToken)
            ?? throw Unknown(request.ModelName, request.ModelVersion);
        if (
            !InferMessages.TryReadTimeout(request, out var timeout, out var error)
            || !InferMessages.TryRead(request, out var whole, out error)
        )
        {
            throw Invalid(error.Value);
        }

        var memory = context.GetHttpContext().Features.Get<BodyShare>();
        using (var read = whole with { Texts = texts, Memory = memory })
        {
            var unit =
                target.Version is not null
                    ? null
                    : ExperimentUnit.Read(read.Parameters, context.GetHttpContext().Request.Headers, out error);
            if (error is { } invalid)
            {
                throw Invalid(invalid);
            }

            var result = await handler.ExecuteAsync(target, read, unit, started, timeout, context.CancellationToken);
            return result.Response is { } response
                ? InferMessages.Write(response)
                : throw Invalid(result.Error!.Value);
        }
    }

    public override async Task<RepositoryIndexResponse> RepositoryIndex(
        RepositoryIndexRequest request,
        ServerCallContext context
    )
    {
        var response = new RepositoryIndexResponse();
        response.Models.AddRange(
            (await index.ListAsync(request.Ready, context.CancellationToken)).Select(
                m => new RepositoryIndexResponse.Types.ModelIndex
                {
                    Name = m.Name,
                    Version = m.Version,
                    State = m.State,
                    Reason = m.Reason,
                }
            )
        );
        return response;
    }

    public override async Task<RepositoryModelLoadResponse> RepositoryModelLoad(
        RepositoryModelLoadRequest request,
        ServerCallContext context
    )
    {
        RequireWrite(context);
        using var lease = await models.AcquireAsync(
            await FindAsync(request.ModelName, "", context),
            context.CancellationToken
        );
        return new();
    }

    public override async Task<RepositoryModelUnloadResponse> RepositoryModelUnload(
        RepositoryModelUnloadRequest request,
        ServerCallContext context
    )
    {
        RequireWrite(context);
        models.Unload(await FindAsync(request.ModelName, "", context));
        return new();
    }

    private async Task<ModelVersion> FindAsync(string name, string version, ServerCallContext context) =>
        await catalog.FindAsync(name, ToNull(version), context.CancellationToken) ?? throw Unknown(name, version);

    private static RpcException Unknown(string name, string version) =>
        new(new Status(StatusCode.NotFound, ModelLookup.DescribeUnknown(name, ToNull(version))));

    // The protocol's strings are empty if they are absent.
    private static string? ToNull(string version) => version.Length == 0 ? null : version;

    // All methods share the scope of inferences, and these two need one more.
    private static void RequireWrite(ServerCallContext context)
    {
        var scope = Scopes.Write("serving");
        if (!context.GetHttpContext().User.HasClaim("scope", scope))
        {
            throw new RpcException(new Status(StatusCode.PermissionDenied, $"The key lacks the scope {scope}."));
        }
    }

    private static RpcException Invalid(FieldError error) =>
        new(new Status(StatusCode.InvalidArgument, ErrorResponse.Describe(error)));

    private static ModelMetadataResponse.Types.TensorMetadata Describe(TensorMetadata tensor)
    {
        var described = new ModelMetadataResponse.Types.TensorMetadata
        {
            Name = tensor.Name,
            Datatype = tensor.Datatype.Name,
        };
        described.Shape.AddRange(tensor.Shape.Select(size => (long)size));
        return described;
    }
}
