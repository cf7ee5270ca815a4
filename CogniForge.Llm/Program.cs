using CogniForge.Llm;
using CogniForge.Llm.Caching;
using CogniForge.Llm.Configuration;
using CogniForge.Llm.Gateway;
using CogniForge.Llm.Gateway.OpenApi;
using CogniForge.Llm.Limits;
using CogniForge.Llm.RequestLog;
using CogniForge.Messaging;
using CogniForge.ServiceDefaults;
using CogniForge.ServiceDefaults.Health;
using CogniForge.ServiceDefaults.OpenApi;

var builder = WebApplication.CreateBuilder(args);

// Answers wait in the journal while a server is away, so the gateway goes on without any of them.
var available = builder.AddServiceDefaults(
    new ServiceDescription("llm", "llmdb", typeof(Program).Assembly),
    RequiredDependencies.None
);
builder.AddMessaging(available, RequiredDependencies.None);
builder.Services.AddOpenApi(options =>
{
    OpenApiDefaults.Configure(
        options,
        "CogniForge LLM gateway",
        "For unmodified OpenAI and Anthropic SDKs, whoever serves the model."
    );
    options.AddSchemaTransformer(OneOfAttribute.DescribeAsync);
});
builder.Services.AddLlmGateway(available);

var app = builder.Build();
app.UseServiceDefaults();
app.MapInference();
app.MapModels();
app.MapRoutes();
app.MapProviders();
app.MapPrices();
app.MapBudgets();
app.MapUsage();
app.MapRequests();
app.MapCache();

// Now, so that providers and routes that make no sense end the start, not each request.
_ = app.Services.GetRequiredService<InferencePipeline>();
app.Run();
