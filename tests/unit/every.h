/* every.h (unit) - one graph that becomes every kind of instruction, but for those that need a glTF or a host. */
#ifndef TREADLE_EVERY_H
#define TREADLE_EVERY_H

#include "lowered.h"

static const char EVERY[] =
    "{'treadle':1,"
    "'variables':[{'id':'i','type':'int','value':0},{'id':'f','type':'float','value':0.5},{'id':'b','type':'bool','value':true},"
    "{'id':'v','type':'float3','value':[1,2,3]},{'id':'r','type':'ref'}],"
    "'events':[{'id':'e','values':{'n':{'type':'int'}}}],"
    "'outputs':[{'id':'twice','type':'int','from':'twice:value'},{'id':'i','type':'int','from':'i:value'}],"
    "'nodes':[" GET("i") GET("f") GET("b") GET("v") GET("r")
    "{'id':'twice','op':'math/add','values':{'a':{'from':'i'},'b':{'from':'i'}}},"
    "{'id':'half','op':'math/mul','values':{'a':{'from':'f'},'b':0.5}},"
    "{'id':'below','op':'math/lt','values':{'a':{'from':'i'},'b':{'from':'twice'}}},"
    "{'id':'across','op':'math/cross','values':{'a':{'from':'v'},'b':[1,2,3]}},"
    "{'id':'unit','op':'math/normalize','values':{'a':{'from':'across'}}},"
    "{'id':'sum','op':'math/add','values':{'a':{'from':'v'},'b':{'from':'unit:value'}}},"
    "{'id':'dice','op':'math/random'},"
    START("all")
    "{'id':'all','op':'flow/sequence','flows':{'a':'loop:in','b':'while:in','c':'switch:in','d':'wait:0','e':'gate:in','f':'wait:1'}},"
    "{'id':'loop','op':'flow/for','values':{'startIndex':0,'endIndex':{'from':'twice'}},'flows':{'loopBody':'again:in','completed':'say:in'}},"
    "{'id':'again','op':'flow/branch','values':{'condition':{'from':'below'}},'flows':{'true':'loop:in','false':'delay:in'}},"
    "{'id':'delay','op':'flow/setDelay','values':{'duration':{'from':'half'}},'flows':{'out':'stop:in','err':'delay:cancel','done':'say:in'}},"
    "{'id':'stop','op':'flow/cancelDelay','values':{'delay':{'from':'delay:lastDelay'}}},"
    "{'id':'while','op':'flow/while','values':{'condition':{'from':'b'}},'flows':{'loopBody':'throttle:in'}},"
    "{'id':'throttle','op':'flow/throttle','values':{'duration':{'from':'f'}},'flows':{'out':'set:in','err':'throttle:reset'}},"
    "{'id':'set','op':'variable/set','config':{'variables':['v','i']},'values':{'v':{'from':'sum'},'i':{'from':'twice'}},'flows':{'out':'go:in'}},"
    "{'id':'go','op':'variable/interpolate','config':{'variable':'f','useSlerp':false},"
    "'values':{'value':{'from':'dice'},'duration':1.0,'p1':[0.0,0.0],'p2':[1.0,1.0]},'flows':{'out':'float:in'}},"
    "{'id':'float','op':'variable/set','config':{'variables':['f']},'values':{'f':{'from':'half'}}},"
    "{'id':'switch','op':'flow/switch','config':{'cases':[1,2,3]},'values':{'selection':{'from':'i'}},'flows':{'1':'say:in','2':'send:in'}},"
    "{'id':'send','op':'event/send','config':{'event':'e'},'values':{'n':{'from':'twice'}}},"
    "{'id':'wait','op':'flow/waitAll','config':{'inputFlows':2},'flows':{'completed':'wait:reset'}},"
    "{'id':'gate','op':'flow/multiGate','flows':{'x':'say:in','y':'gate:reset'}},"
    "{'id':'say','op':'debug/log','config':{'severity':0,'message':'{i}'},'values':{'i':{'from':'twice'}}},"
    "{'id':'hear','op':'event/receive','config':{'event':'e'},'flows':{'out':'leave:in'}},"
    "{'id':'leave','op':'event/stopPropagation','values':{'stopImmediate':{'from':'b'},'event':{'from':'hear:event'}}}]}";

#endif
