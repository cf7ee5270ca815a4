using CogniForge.ServiceDefaults;
using CogniForge.ServiceDefaults.ApiKeys;
using CogniForge.ServiceDefaults.Errors;
using CogniForge.ServiceDefaults.Overload;
using Grpc.AspNetCore.Server;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace CogniForge.Serving.Rpc;

/// <summary>Adds gRPC on a port of its own, if the configuration has one.</summary>
internal static class GrpcExtensions
{
    // The message holds the bytes, its check and the tensors a copy of them each.
    private const int BytesPerByte = 4;

    private const string CallLog = "Grpc.AspNetCore.Server.ServerCallHandler";

    public static void AddInferenceGrpc(this IServiceCollection services)
    {
        services.AddProblemWriter<GrpcProblemWriter>();

        // It logs each client that hangs up as an error with its stack; GrpcErrors logs what failed.
        services.AddLogging(logging => logging.AddFilter(CallLog, LogLevel.None));
        services.AddGrpc();
        services
            .AddOptions<GrpcServiceOptions>()
            .Configure<IOptions<CogniForgeOptions>>(
                (grpc, options) =>
                {
                    grpc.MaxReceiveMessageSize = (int)Math.Min(options.Value.MaxRequestBodyBytes, int.MaxValue);
                    grpc.MaxSendMessageSize = null;
                    grpc.Interceptors.Add<GrpcErrors>();
                }
            );

        // Without TLS, a client cannot choose between HTTP/1.1 and HTTP/2 on one port.
        services
            .AddOptions<KestrelServerOptions>()
            .Configure<IOptions<InferenceOptions>>(
                (kestrel, options) =>
                    kestrel.ConfigureEndpointDefaults(listen =>
                    {
                        if (options.Value.GrpcPort is { } port && listen.IPEndPoint?.Port == port)
                        {
                            listen.Protocols = HttpProtocols.Http2;
                        }
                    })
            );
    }

    public static void MapInferenceGrpc(this WebApplication app)
    {
        if (app.Services.GetRequiredService<IOptions<InferenceOptions>>().Value.GrpcPort is not null)
        {
            app.MapGrpcService<InferenceService>()
                .RequireScope(Scopes.ServingInfer)
                .WithBodyMemory(BytesPerByte, 0, GrpcFailures.CreateRefusal);
        }
    }
}
